package io.vaultferry.participant;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import jakarta.enterprise.context.ApplicationScoped;

/** Skeleton. */
@ApplicationScoped
public class Grants {

    /**
     * Opens a session; fetches a grant from the orchestrator unless one is in memory.
     *
     * @throws io.vaultferry.messaging.StepFailureException when the orchestrator refuses or cannot be reached
     */
    public MigrationSession open(MigrationId migration, Side side) {
        throw new UnsupportedOperationException("skeleton " + migration + side);
    }
}
