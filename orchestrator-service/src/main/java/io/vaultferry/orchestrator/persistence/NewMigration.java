package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.saga.MigrationTerms;
import java.util.Objects;
import java.util.Optional;

/** What is stored when a migration is accepted. */
public record NewMigration(MigrationId id, MigrationTerms terms, Source source, Target target) {

    public NewMigration {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
    }

    public record Source(ConnectionId connection, String organizationId, ServerFacts server) {}

    /**
     * @param organizationId empty when the organization is to be created
     */
    public record Target(
            ConnectionId connection,
            Optional<String> organizationId,
            ServerFacts server,
            Optional<SealedText> newName,
            Optional<SealedText> newBillingEmail) {}
}
