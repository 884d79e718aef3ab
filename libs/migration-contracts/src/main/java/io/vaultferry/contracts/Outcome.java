package io.vaultferry.contracts;

/** The terminal state of one object of the source. */
public enum Outcome {
    /** It is in the target and was read back. */
    MOVED,
    /** It was left out on purpose, for a stated reason. */
    SKIPPED,
    /** It could not be moved, for a stated reason; the rest went on. */
    QUARANTINED
}
