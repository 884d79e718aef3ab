package io.vaultferry.orchestrator.migration;

import io.quarkus.arc.DefaultBean;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.orchestrator.connections.ConnectionId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Answers while this build has no migrations. */
@DefaultBean
@ApplicationScoped
class NoMigrations implements MigrationAccess {

    @Override
    public Optional<Parties> parties(MigrationId migration) {
        return Optional.empty();
    }

    @Override
    public boolean isInUse(ConnectionId connection) {
        return false;
    }
}
