package io.vaultferry.messaging.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the relay works. */
@ConfigMapping(prefix = "vaultferry.relay")
public interface RelaySettings {

    /** Most messages that are on their way to Kafka at a time. */
    @WithDefault("500")
    int batch();

    /** How often the relay looks without having been woken: what another process left, or what this one left when it died. */
    @WithDefault("5s")
    Duration poll();

    /** How long a batch may take to be acknowledged before its producer is given up and the batch is sent again. */
    @WithDefault("10s")
    Duration acknowledgedWithin();

    /** Longest pause between two tries while the broker or the database cannot be reached. */
    @WithDefault("3s")
    Duration longestPause();
}
