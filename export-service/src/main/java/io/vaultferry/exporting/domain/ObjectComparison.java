package io.vaultferry.exporting.domain;

import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the objects of one kind: looks up what the steps said, finds the object in the target, and lets the caller compare
 * the two. What is left in the target at the end was there before or is unexpected.
 *
 * @param <T> the target's objects
 */
public final class ObjectComparison<T> {

    private final ObjectKind kind;
    private final boolean moved;
    private final ReportedOutcomes outcomes;
    private final Findings findings;
    private final Map<String, T> unclaimed;
    private final Set<String> claimed = new HashSet<>();

    /**
     * @param moved false when the migration's options leave this kind out
     * @param target the target's objects by their ids
     */
    public ObjectComparison(
            ObjectKind kind, boolean moved, ReportedOutcomes outcomes, Findings findings, Map<String, T> target) {
        this.kind = kind;
        this.moved = moved;
        this.outcomes = outcomes;
        this.findings = findings;
        this.unclaimed = new HashMap<>(target);
    }

    /** Compares a source object with the target's. */
    @FunctionalInterface
    public interface Equality<T> {

        /**
         * Compares.
         *
         * @return whether the object arrived as it was
         */
        Comparison compare(ObjectOutcome outcome, T target);
    }

    /** What a comparison found. */
    public enum Comparison {
        EQUAL,
        EQUAL_BUT_CHANGED_AT_SOURCE,
        EQUAL_WITH_LOSS_OF_DETAIL,
        DIFFERENT;

        public static Comparison of(boolean equal) {
            return equal ? EQUAL : DIFFERENT;
        }
    }

    /** Judges one object of the source. */
    public void judge(String sourceId, Equality<T> equality) {
        Optional<ObjectOutcome> reported = outcomes.of(kind, sourceId);
        if (reported.isEmpty()) {
            if (moved) {
                findings.unaccounted(kind, sourceId);
            } else {
                findings.notCompared(ObjectOutcome.skipped(kind, sourceId, ReasonCode.LEFT_OUT_BY_OPTION));
            }
            return;
        }
        ObjectOutcome outcome = reported.get();
        switch (outcome.outcome()) {
            case SKIPPED, QUARANTINED -> findings.notCompared(outcome);
            case MOVED -> judgeMoved(outcome, equality);
        }
    }

    private void judgeMoved(ObjectOutcome outcome, Equality<T> equality) {
        String targetId = outcome.targetId().orElse("");
        if (!claimed.add(targetId)) {
            findings.different(outcome, ReasonCode.DUPLICATED_IN_TARGET);
            return;
        }
        T target = unclaimed.remove(targetId);
        if (target == null) {
            findings.missing(outcome);
            return;
        }
        switch (equality.compare(outcome, target)) {
            case EQUAL -> findings.equal(outcome);
            case EQUAL_BUT_CHANGED_AT_SOURCE -> findings.equal(outcome, ReasonCode.CHANGED_AT_SOURCE);
            case EQUAL_WITH_LOSS_OF_DETAIL -> findings.equal(outcome, ReasonCode.LOSS_OF_DETAIL);
            case DIFFERENT -> findings.different(outcome, ReasonCode.DIFFERENT_IN_TARGET);
        }
    }

    /**
     * Ends the comparison: whatever in the target nobody claimed has to be what was there before.
     *
     * @param before a digest of each object that was in the target before the first write, by id
     * @param digest computes the same digest of an object as it is now
     */
    public void judgeTheRest(Map<String, String> before, java.util.function.Function<T, String> digest) {
        for (Map.Entry<String, T> rest : unclaimed.entrySet()) {
            String digestBefore = before.get(rest.getKey());
            if (digestBefore == null) {
                findings.unexpected(kind, rest.getKey());
            } else if (!digestBefore.equals(digest.apply(rest.getValue()))) {
                findings.changedInTarget(kind, rest.getKey());
            }
        }
        for (String id : before.keySet()) {
            if (!unclaimed.containsKey(id) && !claimed.contains(id)) {
                findings.goneFromTarget(kind, id);
            }
        }
    }
}
