package io.vaultferry.orchestrator;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.migration.MigrationAccess;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Migrations that a test writes down as it needs them. */
@Alternative
@ApplicationScoped
public class WrittenMigrations implements MigrationAccess {

    private final Map<MigrationId, Parties> migrations = new ConcurrentHashMap<>();

    public void write(MigrationId migration, Parties parties) {
        migrations.put(migration, parties);
    }

    @Override
    public Optional<Parties> parties(MigrationId migration) {
        return Optional.ofNullable(migrations.get(migration));
    }

    @Override
    public boolean isInUse(ConnectionId connection) {
        return migrations.values().stream()
                .filter(parties -> parties.phase() != Phase.ENDED)
                .anyMatch(parties -> parties.source().connection().equals(connection)
                        || parties.target().connection().equals(connection));
    }
}
