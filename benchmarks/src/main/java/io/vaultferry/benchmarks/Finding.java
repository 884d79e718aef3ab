package io.vaultferry.benchmarks;

/**
 * One row of the table.
 *
 * @param measure what was measured
 * @param ours Vaultferry's figure
 * @param peer what it is compared with
 * @param peers the peer's figure, of the same run and in the same unit
 * @param goal for ours divided by the peer's
 */
public record Finding(String measure, Figure ours, String peer, Figure peers, Goal goal) {

    public Finding {
        if (!ours.unit().equals(peers.unit())) {
            throw new IllegalArgumentException("only what has the same unit can be divided");
        }
    }

    public double ratio() {
        return ours.value() / peers.value();
    }

    public String verdict() {
        return goal.verdict(ratio());
    }
}
