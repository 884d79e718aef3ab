package io.vaultferry.orchestrator.custody;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Chooses the key vault by configuration, at start: a vault that cannot be used keeps the service from starting. */
@ApplicationScoped
class KeyVaults {

    @Produces
    @ApplicationScoped
    @Startup
    KeyVault keyVault(CustodySettings settings) {
        return new DirectoryKeyVault(settings.directory(), settings.kekFile());
    }
}
