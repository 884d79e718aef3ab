package io.vaultferry.exporting.domain;

import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the steps say they did with each object of the source. */
public final class ReportedOutcomes {

    private final Map<ObjectKind, Map<String, ObjectOutcome>> byKind = new EnumMap<>(ObjectKind.class);

    /** Adds a step's word on an object; a later step's word replaces an earlier one's. */
    public void add(ObjectOutcome outcome) {
        byKind.computeIfAbsent(outcome.kind(), kind -> new HashMap<>()).put(outcome.sourceId(), outcome);
    }

    public Optional<ObjectOutcome> of(ObjectKind kind, String sourceId) {
        return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(sourceId));
    }

    /** The target's id of an object that was moved. */
    public Optional<String> targetOf(ObjectKind kind, String sourceId) {
        return of(kind, sourceId)
                .filter(outcome -> outcome.outcome() == Outcome.MOVED)
                .flatMap(ObjectOutcome::targetId);
    }

    /** Everything that was said about objects of a kind. */
    public Collection<ObjectOutcome> all(ObjectKind kind) {
        return byKind.getOrDefault(kind, Map.of()).values();
    }
}
