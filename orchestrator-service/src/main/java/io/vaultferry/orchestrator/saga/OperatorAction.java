package io.vaultferry.orchestrator.saga;

/** What an operator can ask of a migration. Which of them is allowed when, is data of {@link SagaStatus}. */
public enum OperatorAction {
    /** Go on: with the plan as it is shown, or without the members who have not accepted. */
    APPROVE,
    /** Stop the running step at its next safe point. */
    PAUSE,
    /** Go on after a pause. */
    RESUME,
    /** Try the step that failed once more. */
    RETRY,
    /** Stop, and take back what was done; only before the first invitation has been sent. */
    CANCEL,
    /** Take back a migration that has ended; no status allows it yet. */
    ROLLBACK,
    /** Move again what changed since; no status allows it yet. */
    SYNC
}
