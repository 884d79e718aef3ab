package io.vaultferry.orchestrator.access;

import io.smallrye.config.ConfigMapping;
import java.util.Map;

/** What the orchestrator shares with the other services. */
@ConfigMapping(prefix = "vaultferry.internal")
interface InternalSettings {

    /** The token of each participant, by its name: export, import, identity, attachment. */
    Map<String, String> tokens();
}
