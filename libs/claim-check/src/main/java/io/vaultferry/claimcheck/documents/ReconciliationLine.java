package io.vaultferry.claimcheck.documents;

import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Objects;
import java.util.Optional;

/**
 * The final word on one object of the source, or on one of the target that nobody accounts for. Holds ids only.
 *
 * @param sourceId absent for an object that is in the target only
 * @param targetId absent for an object that is not in the target
 * @param outcome what the step that moved it said; {@link Outcome#SKIPPED} for an object that is in the target only
 * @param reason why it was not moved, what differs, or what was noticed
 */
public record ReconciliationLine(
        ObjectKind kind,
        Optional<String> sourceId,
        Optional<String> targetId,
        Outcome outcome,
        Optional<ReasonCode> reason,
        Verdict verdict) {

    public ReconciliationLine {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(verdict, "verdict");
        sourceId.ifPresent(ObjectIds::requireId);
        targetId.ifPresent(ObjectIds::requireId);
        if (sourceId.isEmpty() && targetId.isEmpty()) {
            throw new IllegalArgumentException("a line is about an object of the source or of the target");
        }
    }
}
