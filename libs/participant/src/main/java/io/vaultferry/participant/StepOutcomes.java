package io.vaultferry.participant;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeWriter;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.Tally;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import java.util.ArrayList;
import java.util.List;

/** Collects what a step did with each object, counts, and writes the outcome document. Not thread-safe. */
public final class StepOutcomes {

    private final List<ObjectOutcome> lines = new ArrayList<>();

    public void add(ObjectOutcome outcome) {
        lines.add(outcome);
    }

    /** Adds what became of every write of a scope. */
    public void addAll(ObjectKind kind, EffectivelyOnceWriter writer) {
        writer.forEachOutcome(write -> lines.add(
                switch (write.state()) {
                    case CREATED ->
                        ObjectOutcome.moved(
                                kind, write.sourceId(), write.targetId().orElseThrow());
                    case REFUSED ->
                        ObjectOutcome.quarantined(
                                kind, write.sourceId(), write.reason().orElseThrow());
                    case INTENDED, SENT, ACCEPTED, REJECTED, REMOVED ->
                        throw new IllegalStateException("a write is " + write.state() + " at the end of its step");
                }));
    }

    /** The outcomes so far. */
    public List<ObjectOutcome> lines() {
        return List.copyOf(lines);
    }

    public Tally tally(ObjectKind kind) {
        return new Tally(count(kind, Outcome.MOVED), count(kind, Outcome.SKIPPED), count(kind, Outcome.QUARANTINED));
    }

    private long count(ObjectKind kind, Outcome outcome) {
        return lines.stream()
                .filter(line -> line.kind() == kind && line.outcome() == outcome)
                .count();
    }

    /**
     * Writes the document.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public ClaimCheck store(ClaimCheckStore store, StagingKey key, MigrationId migration) {
        return OutcomeWriter.write(store, key, migration, sink -> {
            for (ObjectOutcome line : lines) {
                sink.add(line);
            }
        });
    }
}
