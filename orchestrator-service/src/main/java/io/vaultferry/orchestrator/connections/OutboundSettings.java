package io.vaultferry.orchestrator.connections;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Which servers may be talked to. */
@ConfigMapping(prefix = "vaultferry.outbound")
interface OutboundSettings {

    /** Whether http, loopback and private addresses are allowed. */
    @WithDefault("false")
    boolean allowInsecureServers();

    /** PEM file of authorities to trust besides those that Java trusts. */
    Optional<Path> caFile();
}
