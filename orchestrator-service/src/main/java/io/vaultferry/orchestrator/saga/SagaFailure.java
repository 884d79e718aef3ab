package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Step;
import java.util.Objects;

/**
 * Why a migration does not go on.
 *
 * @param detail a technical hint, free of names and secrets
 */
public record SagaFailure(Step step, FailureCode code, String detail) {

    public SagaFailure {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
    }
}
