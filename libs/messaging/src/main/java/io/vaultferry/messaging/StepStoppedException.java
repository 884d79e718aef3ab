package io.vaultferry.messaging;

/** Ends a step at a safe point. Control flow, no failure: handlers let it pass, and only the job runner catches it. */
public final class StepStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StepStoppedException(String reason) {
        super(reason, null, false, false);
    }
}
