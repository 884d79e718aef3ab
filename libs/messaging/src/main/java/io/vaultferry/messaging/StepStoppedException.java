package io.vaultferry.messaging;

/** Ends a step at a safe point. Control flow, no failure: handlers let it pass, and only the job runner catches it. */
public final class StepStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean halted;

    public StepStoppedException(String reason) {
        this(reason, false);
    }

    private StepStoppedException(String reason, boolean halted) {
        super(reason, null, false, false);
        this.halted = halted;
    }

    /** The step was asked to halt, and nobody is to go on with this attempt. */
    public static StepStoppedException halt() {
        return new StepStoppedException("asked to stop", true);
    }

    /** Whether the step was asked to halt; otherwise another worker goes on with it, here or elsewhere. */
    public boolean halted() {
        return halted;
    }
}
