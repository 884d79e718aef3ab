package io.vaultferry.participant.journal;

import io.vaultferry.messaging.StepContext;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class EffectivelyOnceWriter {

    EffectivelyOnceWriter() {}

    /** Source ids that have an intent already; need not be planned again. */
    public Set<String> recorded() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Records what is new in the plan, sends what has to be sent, and returns when every write of the scope is settled.
     *
     * @throws io.vaultferry.messaging.StepStoppedException from the context
     * @throws RuntimeException of the target when it does not let up; everything is kept, and a later call goes on
     */
    public WriteSummary write(Iterator<PlannedWrite> plan, UnitLimits limits, TargetWrite target, StepContext context) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Settles without sending: afterwards each write is created, refused, or certainly not in the target. */
    public void settle(TargetWrite target, StepContext context) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** What became of each write, in the order of the plan. */
    public void forEachOutcome(Consumer<WriteOutcome> consumer) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Everything that is in the target because of this scope, newest first, for taking it back. */
    public void forEachCreated(Consumer<CreatedObject> consumer) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Notes that these were taken back; a later {@link #forEachCreated} passes over them. */
    public void removed(java.util.Collection<String> sourceIds, StepContext context) {
        throw new UnsupportedOperationException("skeleton");
    }
}
