package io.vaultferry.orchestrator.migration;

import io.smallrye.config.ConfigMapping;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;

/** Where the staged documents of migrations lie. */
@Dependent
class Staging {

    @ConfigMapping(prefix = "vaultferry.staging")
    interface Settings {

        /** The directory that all services share. */
        Path directory();
    }

    @Produces
    @ApplicationScoped
    ClaimCheckStore store(Settings settings) {
        return DirectoryStore.at(settings.directory());
    }
}
