package io.vaultferry.orchestrator.migration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How long sagas wait. */
@ConfigMapping(prefix = "vaultferry.saga")
public interface SagaSettings {

    /** How long a command may stay without answer and without progress before it is sent again. */
    @WithDefault("2m")
    Duration stepDeadline();

    /** The pauses between two questions whether members have accepted; the last one goes on for ever. */
    @WithDefault("5s,15s,1m,5m")
    List<Duration> memberPolls();

    /** How often due timers are looked for. */
    @WithDefault("1s")
    Duration timerInterval();

    /** How often documents of finished steps are looked for. */
    @WithDefault("1s")
    Duration intakeInterval();
}
