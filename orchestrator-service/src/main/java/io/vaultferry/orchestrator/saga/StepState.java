package io.vaultferry.orchestrator.saga;

import java.util.Objects;

/**
 * @param attempt the last attempt that was sent; 0 before the first. Compensations count on, so that an attempt names one
 *     command of a step
 * @param overdue whether this attempt has missed its deadline at least once
 */
public record StepState(StepStatus status, int attempt, boolean overdue) {

    public static final StepState PENDING = new StepState(StepStatus.PENDING, 0, false);

    public StepState {
        Objects.requireNonNull(status, "status");
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt is negative");
        }
    }

    StepState is(StepStatus newStatus) {
        return new StepState(newStatus, attempt, overdue);
    }

    StepState sentAgainAs(StepStatus newStatus) {
        return new StepState(newStatus, attempt + 1, false);
    }

    StepState missedItsDeadline() {
        return new StepState(status, attempt, true);
    }
}
