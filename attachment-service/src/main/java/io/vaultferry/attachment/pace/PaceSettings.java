package io.vaultferry.attachment.pace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalDouble;

/** How fast servers are asked. */
@ConfigMapping(prefix = "vaultferry.pace")
public interface PaceSettings {

    /** The most requests a second to one server, by all instances together. Without it, as many as the server takes. */
    OptionalDouble mostRequests();

    /** A unit whose next request would have to wait for longer is given back until then. */
    @WithDefault("60s")
    Duration longestWait();
}
