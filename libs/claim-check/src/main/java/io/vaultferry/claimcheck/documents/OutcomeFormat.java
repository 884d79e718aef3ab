package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Optional;

/** How what a step did with each object is written down. */
final class OutcomeFormat {

    static final SealedLines<Wire> LINES = new SealedLines<>("outcomes", 1, Wire.class, Json.mapper());

    private OutcomeFormat() {}

    /** A line as JSON; absent members are left out. */
    record Wire(ObjectKind kind, String sourceId, String targetId, Outcome outcome, ReasonCode reason) {

        static Wire of(ObjectOutcome line) {
            return new Wire(
                    line.kind(),
                    line.sourceId(),
                    line.targetId().orElse(null),
                    line.outcome(),
                    line.reason().orElse(null));
        }

        ObjectOutcome toLine() {
            try {
                return new ObjectOutcome(
                        kind, sourceId, Optional.ofNullable(targetId), outcome, Optional.ofNullable(reason));
            } catch (IllegalArgumentException | NullPointerException e) {
                throw new StagedDataDamagedException("a line of a staged document is not readable");
            }
        }
    }
}
