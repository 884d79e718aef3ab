package io.vaultferry.benchmarks;

import java.util.List;

/**
 * What a benchmark found.
 *
 * @param notes sentences that one needs to read the findings: how often was measured, what was extrapolated
 */
public record Outcome(List<Finding> findings, List<String> notes) {

    public Outcome {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Nothing, and why. */
    static Outcome notMeasured(String reason) {
        return new Outcome(java.util.List.of(), List.of("**Not measured**: " + reason));
    }
}
