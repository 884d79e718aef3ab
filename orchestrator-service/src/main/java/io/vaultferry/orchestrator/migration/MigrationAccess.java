package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import io.vaultferry.orchestrator.connections.ConnectionId;
import java.util.Optional;

/** What the custody of credentials asks about migrations. */
public interface MigrationAccess {

    /** The two sides of a migration; empty when there is none of this id. */
    Optional<Parties> parties(MigrationId migration);

    /** Whether a migration that has not ended uses the connection. */
    boolean isInUse(ConnectionId connection);

    /**
     * @param target its organization is the adopted one, or the created one as soon as it exists
     */
    record Parties(Phase phase, Party source, Party target) {

        public Party on(Side side) {
            return switch (side) {
                case SOURCE -> source;
                case TARGET -> target;
            };
        }
    }

    /** Whether participants may act for a migration. */
    enum Phase {
        /** Nothing was asked of a participant yet. */
        NOT_STARTED,
        ACTIVE,
        /** It came to one of its ends; its keys are destroyed. */
        ENDED
    }

    /**
     * One side.
     *
     * @param organizationId empty while the organization is still to be created
     * @param newOrganization what to create; empty on the source side and when an organization is adopted
     */
    record Party(ConnectionId connection, Optional<String> organizationId, Optional<NewOrganization> newOrganization) {}

    /** Personal data: at rest only sealed, see {@link io.vaultferry.orchestrator.custody.SealedFacts}. */
    record NewOrganization(String name, Optional<String> billingEmail) {

        @Override
        public String toString() {
            return "NewOrganization[redacted]";
        }
    }
}
