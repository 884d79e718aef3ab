package io.vaultferry.benchmarks;

/** How much is measured. */
public enum Extent {
    /** Small sizes and few runs: shows that everything works, and the order of magnitude. */
    QUICK,
    /** What the goals are about. */
    FULL;

    /** The one or the other. */
    public int of(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
