package io.vaultferry.exporting.domain;

import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Tally;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Collects the final word on every object and counts. A difference is an object that is missing, different or unexpected in
 * the target.
 */
public final class Findings {

    private final Consumer<ReconciliationLine> lines;
    private Tally tally = Tally.NONE;
    private long differences;

    public Findings(Consumer<ReconciliationLine> lines) {
        this.lines = lines;
    }

    /** The object arrived as it was. What its step noticed about it stays as the remark. */
    public void equal(ObjectOutcome outcome) {
        add(line(outcome, outcome.reason(), Verdict.EQUAL));
    }

    /** The object arrived as it was, with something to remark. */
    public void equal(ObjectOutcome outcome, ReasonCode remark) {
        add(line(outcome, Optional.of(remark), Verdict.EQUAL));
    }

    public void different(ObjectOutcome outcome, ReasonCode reason) {
        add(line(outcome, Optional.of(reason), Verdict.DIFFERENT));
    }

    public void missing(ObjectOutcome outcome) {
        add(line(outcome, Optional.of(ReasonCode.MISSING_IN_TARGET), Verdict.MISSING));
    }

    /** The object was skipped or quarantined. */
    public void notCompared(ObjectOutcome outcome) {
        add(line(outcome, outcome.reason(), Verdict.NOT_COMPARED));
    }

    /** No step said anything about the object. */
    public void unaccounted(ObjectKind kind, String sourceId) {
        add(new ReconciliationLine(
                kind,
                Optional.of(sourceId),
                Optional.empty(),
                Outcome.QUARANTINED,
                Optional.of(ReasonCode.MISSING_IN_TARGET),
                Verdict.MISSING));
    }

    /** The object is in the target and neither was there before nor was moved. */
    public void unexpected(ObjectKind kind, String targetId) {
        aboutTarget(kind, targetId, ReasonCode.UNEXPECTED_IN_TARGET, Verdict.UNEXPECTED);
    }

    /** The object was in the target before the migration and is gone. */
    public void goneFromTarget(ObjectKind kind, String targetId) {
        aboutTarget(kind, targetId, ReasonCode.MISSING_IN_TARGET, Verdict.MISSING);
    }

    /** The object was in the target before the migration and is not what it was. */
    public void changedInTarget(ObjectKind kind, String targetId) {
        aboutTarget(kind, targetId, ReasonCode.DIFFERENT_IN_TARGET, Verdict.DIFFERENT);
    }

    /** Final states of the source's objects. */
    public Tally tally() {
        return tally;
    }

    public long differences() {
        return differences;
    }

    private void aboutTarget(ObjectKind kind, String targetId, ReasonCode reason, Verdict verdict) {
        add(new ReconciliationLine(
                kind, Optional.empty(), Optional.of(targetId), Outcome.SKIPPED, Optional.of(reason), verdict));
    }

    private static ReconciliationLine line(ObjectOutcome outcome, Optional<ReasonCode> reason, Verdict verdict) {
        return new ReconciliationLine(
                outcome.kind(),
                Optional.of(outcome.sourceId()),
                outcome.targetId(),
                outcome.outcome(),
                reason,
                verdict);
    }

    private void add(ReconciliationLine line) {
        if (line.sourceId().isPresent()) {
            tally = tally.plus(
                    switch (line.outcome()) {
                        case MOVED -> new Tally(1, 0, 0);
                        case SKIPPED -> new Tally(0, 1, 0);
                        case QUARANTINED -> new Tally(0, 0, 1);
                    });
        }
        differences += switch (line.verdict()) {
            case DIFFERENT, MISSING, UNEXPECTED -> 1;
            case EQUAL, NOT_COMPARED -> 0;
        };
        lines.accept(line);
    }
}
