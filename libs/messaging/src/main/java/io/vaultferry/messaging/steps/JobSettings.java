package io.vaultferry.messaging.steps;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How step jobs are worked on. */
@ConfigMapping(prefix = "vaultferry.jobs")
public interface JobSettings {

    /** Jobs that this process works on at a time. */
    @WithDefault("2")
    int workers();

    /** How long a job stays with a worker that does not say that it is alive. */
    @WithDefault("15s")
    Duration lease();

    /** How often a worker says so. */
    @WithDefault("4s")
    Duration heartbeat();

    /** How long before the end of its lease a worker that could not renew it stops. */
    @WithDefault("5s")
    Duration margin();

    /** How often idle workers look for jobs without having been woken. */
    @WithDefault("1s")
    Duration poll();

    /** Pause after the first failure that passes by itself; doubled after each further one. */
    @WithDefault("1s")
    Duration firstPause();

    @WithDefault("30s")
    Duration longestPause();

    /** How long such failures may go on without progress before the step fails. */
    @WithDefault("5m")
    Duration giveUpAfter();

    /** How many workers may die during one attempt before the step fails. */
    @WithDefault("20")
    int mostTakeovers();
}
