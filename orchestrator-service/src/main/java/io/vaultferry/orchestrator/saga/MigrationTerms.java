package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.MigrationOptions;
import java.util.Objects;

/**
 * What the operator asked for.
 *
 * @param createTarget whether the target organization is to be created rather than adopted
 * @param dryRun whether to end with the plan, before the first write
 * @param requireApproval whether to wait for the operator between plan and first write
 */
public record MigrationTerms(boolean createTarget, boolean dryRun, boolean requireApproval, MigrationOptions options) {

    public MigrationTerms {
        Objects.requireNonNull(options, "options");
    }
}
