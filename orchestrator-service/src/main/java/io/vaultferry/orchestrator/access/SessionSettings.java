package io.vaultferry.orchestrator.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Sessions of the dashboard. */
@ConfigMapping(prefix = "vaultferry.session")
interface SessionSettings {

    /** A session ends this long after its begin, however much it is used. */
    @WithDefault("12h")
    Duration lifetime();

    /** A session ends when nothing was asked with it for this long. */
    @WithDefault("1h")
    Duration idle();

    /** Sessions at a time; one more ends the one that was not used for the longest time. */
    @WithDefault("50")
    int most();
}
