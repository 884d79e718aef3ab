package io.vaultferry.contracts;

/** What follows from a failure. */
public enum Disposition {
    /** Passes by itself: try again after a while. */
    RETRY_LATER,
    /** A person has to do something first; the migration is STUCK until then. */
    ASK_OPERATOR,
    /** Cannot succeed: take back what was done. */
    COMPENSATE
}
