package io.vaultferry.messaging;

import io.vaultferry.contracts.FailureCode;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * An expected failure of a step.
 *
 * @param code what happened, and thereby what follows
 * @param detail a short technical hint for the operator, free of names and secrets
 * @param retryAfter how long the server asked us to wait; counts only for codes that are retried
 */
public record StepFailure(FailureCode code, String detail, Optional<Duration> retryAfter) {

    public StepFailure {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(retryAfter, "retryAfter");
    }

    public StepFailure(FailureCode code, String detail) {
        this(code, detail, Optional.empty());
    }
}
