package io.vaultferry.messaging;

import io.vaultferry.contracts.FailureCode;

/** Thrown by a {@link StepHandler} for an expected failure. Its text is free of names and secrets. */
public final class StepFailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient StepFailure failure;

    public StepFailureException(StepFailure failure) {
        super(failure.code() + ": " + failure.detail());
        this.failure = failure;
    }

    /**
     * @param detail a short technical hint for the operator, free of names and secrets
     */
    public StepFailureException(FailureCode code, String detail) {
        this(new StepFailure(code, detail));
    }

    /** What happened. */
    public StepFailure failure() {
        return failure;
    }
}
