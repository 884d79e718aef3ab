package io.vaultferry.orchestrator.migration;

import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingException;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.StepFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What the exceptions of the staging store mean for the orchestrator's own step. */
@ApplicationScoped
class StagingFailures implements FailureClassifier {

    @Override
    public Optional<StepFailure> classify(Throwable thrown) {
        return thrown instanceof StagingException staging
                ? Optional.of(new StepFailure(codeOf(staging), staging.getMessage()))
                : Optional.empty();
    }

    private static FailureCode codeOf(StagingException thrown) {
        return switch (thrown) {
            case StagingUnavailableException unavailable -> FailureCode.STAGING_UNAVAILABLE;
            case StagedDataDamagedException damaged -> FailureCode.STAGED_DATA_DAMAGED;
        };
    }
}
