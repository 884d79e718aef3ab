package io.vaultferry.participant.documents;

import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ObjectKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which object of the target an object of the source became, for those of one kind that are in the target. */
public final class IdMap {

    private final Map<String, String> targetIds;

    private IdMap(Map<String, String> targetIds) {
        this.targetIds = targetIds;
    }

    /** For objects that this migration leaves out. */
    public static IdMap empty() {
        return new IdMap(Map.of());
    }

    /** Reads the reader to its end; objects of other kinds are passed over. Does not close it. */
    public static IdMap of(OutcomeReader outcomes, ObjectKind kind) {
        Map<String, String> ids = new HashMap<>();
        outcomes.forEachRemaining(outcome -> {
            if (outcome.kind() == kind) {
                outcome.targetId().ifPresent(target -> ids.put(outcome.sourceId(), target));
            }
        });
        return new IdMap(ids);
    }

    /** The target's id of a source object; empty when it is not in the target. */
    public Optional<String> targetOf(String sourceId) {
        return Optional.ofNullable(targetIds.get(sourceId));
    }

    public int size() {
        return targetIds.size();
    }
}
