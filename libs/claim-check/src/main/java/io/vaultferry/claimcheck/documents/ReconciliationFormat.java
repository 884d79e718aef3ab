package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Optional;

/** How the comparison of source and target is written down. */
final class ReconciliationFormat {

    static final SealedLines<Wire> LINES = new SealedLines<>("reconciliation", 1, Wire.class, Json.mapper());

    private ReconciliationFormat() {}

    /** A line as JSON; absent members are left out. */
    record Wire(
            ObjectKind kind, String sourceId, String targetId, Outcome outcome, ReasonCode reason, Verdict verdict) {

        static Wire of(ReconciliationLine line) {
            return new Wire(
                    line.kind(),
                    line.sourceId().orElse(null),
                    line.targetId().orElse(null),
                    line.outcome(),
                    line.reason().orElse(null),
                    line.verdict());
        }

        ReconciliationLine toLine() {
            try {
                return new ReconciliationLine(
                        kind,
                        Optional.ofNullable(sourceId),
                        Optional.ofNullable(targetId),
                        outcome,
                        Optional.ofNullable(reason),
                        verdict);
            } catch (IllegalArgumentException | NullPointerException e) {
                throw new StagedDataDamagedException("a line of a staged document is not readable");
            }
        }
    }
}
