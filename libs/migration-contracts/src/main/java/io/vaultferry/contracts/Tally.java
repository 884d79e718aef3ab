package io.vaultferry.contracts;

/** How many objects a step moved, skipped for a stated reason, and quarantined with a stated reason. */
public record Tally(long moved, long skipped, long quarantined) {

    public static final Tally NONE = new Tally(0, 0, 0);

    public long total() {
        return moved + skipped + quarantined;
    }

    public Tally plus(Tally other) {
        return new Tally(moved + other.moved, skipped + other.skipped, quarantined + other.quarantined);
    }
}
