package io.vaultferry.orchestrator.saga;

/** What can follow from a step. */
public enum StepKind {
    /** Changes nothing. */
    READ_ONLY,
    /** Its effects can be taken back. */
    COMPENSATABLE,
    /** Cannot be taken back; from here on a migration only goes forward. */
    PIVOT,
    /** After the pivot: repeated until it succeeds. */
    RETRIABLE
}
