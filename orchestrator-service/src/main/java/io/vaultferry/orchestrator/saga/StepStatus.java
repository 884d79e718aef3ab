package io.vaultferry.orchestrator.saga;

/** Where one step of one migration stands. */
public enum StepStatus {
    PENDING,
    /** Its command has been sent and not answered. */
    RUNNING,
    /** Stopped at a safe point. */
    HALTED,
    /** Asked before, will be asked again by itself. */
    WAITING,
    DONE,
    /** Left out by an option. */
    SKIPPED,
    FAILED,
    /** Its compensation has been sent and not answered. */
    UNDOING,
    UNDONE;

    /** Whether somebody owes an answer. */
    public boolean awaitsReply() {
        return this == RUNNING || this == UNDOING;
    }

    /** Whether the step may have left something behind. */
    public boolean touched() {
        return switch (this) {
            case RUNNING, HALTED, WAITING, DONE, FAILED, UNDOING -> true;
            case PENDING, SKIPPED, UNDONE -> false;
        };
    }
}
