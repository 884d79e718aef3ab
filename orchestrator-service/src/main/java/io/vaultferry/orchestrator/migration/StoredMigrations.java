package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.custody.SealedFacts;
import io.vaultferry.orchestrator.custody.UnknownKeyException;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.MigrationRow;
import io.vaultferry.orchestrator.saga.SagaStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Answers from the stored migrations. */
@ApplicationScoped
class StoredMigrations implements MigrationAccess {

    static final String NAME = "newOrganizationName";
    static final String BILLING_EMAIL = "newOrganizationBillingEmail";

    private final MigrationRepository migrations;
    private final SealedFacts facts;

    StoredMigrations(MigrationRepository migrations, SealedFacts facts) {
        this.migrations = migrations;
        this.facts = facts;
    }

    @Override
    public Optional<Parties> parties(MigrationId migration) {
        return migrations.find(migration).map(row -> new Parties(phaseOf(row), source(row), target(row)));
    }

    @Override
    public boolean isInUse(ConnectionId connection) {
        return migrations.uses(connection);
    }

    private static Phase phaseOf(MigrationRow row) {
        if (row.saga().status() == SagaStatus.PLANNED) {
            return Phase.NOT_STARTED;
        }
        return row.saga().status().ended() ? Phase.ENDED : Phase.ACTIVE;
    }

    private static Party source(MigrationRow row) {
        return new Party(row.source().connection(), row.source().organizationId(), Optional.empty());
    }

    private Party target(MigrationRow row) {
        return new Party(
                row.target().connection(),
                row.target().organizationId(),
                newOrganization(row.saga().id()));
    }

    private Optional<NewOrganization> newOrganization(MigrationId id) {
        try {
            Optional<String> billingEmail =
                    migrations.newOrganizationBilling(id).map(column -> facts.open(id, BILLING_EMAIL, column.bytes()));
            return migrations
                    .newOrganizationName(id)
                    .map(column -> new NewOrganization(facts.open(id, NAME, column.bytes()), billingEmail));
        } catch (UnknownKeyException e) {
            // The migration is ending: its keys are gone, and with them what was sealed under them.
            return Optional.empty();
        }
    }
}
