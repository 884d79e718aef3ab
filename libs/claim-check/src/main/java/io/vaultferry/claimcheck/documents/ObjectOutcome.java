package io.vaultferry.claimcheck.documents;

import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one object of the source. Holds ids only: a name or an e-mail address in their place is refused.
 *
 * @param sourceId the object's id in the source; a policy's type number
 * @param targetId the object's id in the target, when it is there
 * @param reason why it was not moved, or what was noticed about one that was
 */
public record ObjectOutcome(
        ObjectKind kind, String sourceId, Optional<String> targetId, Outcome outcome, Optional<ReasonCode> reason) {

    public ObjectOutcome {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
        ObjectIds.requireId(sourceId);
        targetId.ifPresent(ObjectIds::requireId);
        if (outcome != Outcome.MOVED && reason.isEmpty()) {
            throw new IllegalArgumentException("an object that is not moved needs a reason");
        }
    }

    public static ObjectOutcome moved(ObjectKind kind, String sourceId, String targetId) {
        return new ObjectOutcome(kind, sourceId, Optional.of(targetId), Outcome.MOVED, Optional.empty());
    }

    /** Moved, and something was noticed about it. */
    public static ObjectOutcome moved(ObjectKind kind, String sourceId, String targetId, ReasonCode remark) {
        return new ObjectOutcome(kind, sourceId, Optional.of(targetId), Outcome.MOVED, Optional.of(remark));
    }

    public static ObjectOutcome skipped(ObjectKind kind, String sourceId, ReasonCode reason) {
        return new ObjectOutcome(kind, sourceId, Optional.empty(), Outcome.SKIPPED, Optional.of(reason));
    }

    public static ObjectOutcome quarantined(ObjectKind kind, String sourceId, ReasonCode reason) {
        return new ObjectOutcome(kind, sourceId, Optional.empty(), Outcome.QUARANTINED, Optional.of(reason));
    }

    /**
     * Whether an operator has to hear of it: it did not arrive, or it is a person who had access in the source and, until the
     * invitation is accepted, has none in the target.
     */
    public boolean isException() {
        return outcome != Outcome.MOVED || reason.equals(Optional.of(ReasonCode.STILL_INVITED));
    }
}
