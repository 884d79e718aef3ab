package io.vaultferry.claimcheck.documents;

/** What the comparison of source and target found for one object. */
public enum Verdict {
    /** It is in the target and equal. */
    EQUAL,
    /** It is in the target and differs. */
    DIFFERENT,
    /** It should be in the target and is not. */
    MISSING,
    /** It is in the target and nobody accounts for it. */
    UNEXPECTED,
    /** It was not moved, for the stated reason, so there is nothing to compare. */
    NOT_COMPARED
}
