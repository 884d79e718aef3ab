package io.vaultferry.participant.journal;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.journal.IntentStore.NewIntent;
import io.vaultferry.participant.journal.TargetWrite.Recognition;
import io.vaultferry.participant.journal.WriteAnswer.NoForGood;
import io.vaultferry.participant.journal.WriteAnswer.NoSafeToResend;
import io.vaultferry.participant.journal.WriteAnswer.Unknown;
import io.vaultferry.participant.journal.WriteAnswer.Yes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Creates objects in a target that is not idempotent, so that each is there exactly once or is refused for a stated reason,
 * whatever crashes and whatever answers get lost: record the intent, send, settle.
 *
 * <pre>
 *               not taken: 429, 503, no connection
 *             +-------------------------------------+
 *             v                                     |
 *  plan --> INTENDED --- committed before -------> SENT --- yes, with ids --------------------> CREATED
 *             ^          the first byte leaves     | | |                                          ^  |
 *             |                                    | | +--- yes, without ids --> ACCEPTED --+     |  | taken back
 *             |                                    | +----- no, for good -----> REJECTED --+|     |  v
 *             |                                    |                                       ||     | REMOVED
 *             |                       no answer, or the process died                       ||     |
 *             |                                    |                                       ||     |
 *             |                                    v                                       vv     |
 *             |                       .------------------ the target is listed ---------------. --+ there
 *             +---------------------- |  until it is at rest, and what was sent is looked for |
 *               not there: the same   '-------------------------------------------------------'
 *               bytes, half as many                                |
 *               in a call                                          | not there, and was sent alone
 *                                                                  v
 *                                                               REFUSED
 * </pre>
 *
 * <ul>
 *   <li>What may have been sent is never sent again before the target was seen at rest without it: a server goes on working
 *       after its client has hung up, so one listing proves nothing.
 *   <li>What is sent again is sent as the same bytes, and so can be recognized whichever of the calls it came from.
 *   <li>Of a call that was answered with yes or no, any part may have arrived: what is not there is sent in ever smaller calls,
 *       until the refused object is alone and is given up with a reason.
 *   <li>An object that fails alone without an answer is given up only when others went through meanwhile; otherwise the server
 *       is to blame, and the step fails and is tried again later.
 *   <li>Of what was sent more than once, copies that arrived late are looked for at the end, and removed.
 * </ul>
 *
 * <p>One worker at a time may write in a scope; the context fences every change of the journal. Not thread-safe.
 */
public final class EffectivelyOnceWriter {

    private static final int RECORD_OBJECTS = 500;
    private static final long RECORD_BYTES = 4L * 1024 * 1024;
    private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(500);

    private final IntentStore store;
    private final WriterSettings settings;
    private final Set<String> ambiguous = new TreeSet<>();
    private final Map<UUID, Long> createdAtLastFailure = new HashMap<>();
    private boolean mayFindCallsOfOthers = true;
    private IntentStore.Counts counts = new IntentStore.Counts(0, 0, 0);

    EffectivelyOnceWriter(IntentStore store, WriterSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    /** Source ids that have an intent already; they need not be planned again, and keep what was recorded first. */
    public Set<String> recorded() {
        return store.recorded();
    }

    /** Whether this one has an intent already; for who plans a single write, whatever else the migration has written. */
    public boolean isRecorded(String sourceId) {
        return !store.recorded(List.of(sourceId)).isEmpty();
    }

    /**
     * Records what is new in the plan, sends what has to be sent, and returns when every write of the scope is settled: those
     * of earlier calls too.
     *
     * @throws StepStoppedException from the context
     * @throws StepFailureException when the target neither takes nor refuses writes
     * @throws RuntimeException of the target write, when the target cannot be reached or listed. Whatever is thrown, the
     *     journal knows how far everything is, and a later call goes on from there
     */
    public WriteSummary write(Iterator<PlannedWrite> plan, UnitLimits limits, TargetWrite target, StepContext context) {
        record(plan, target, context);
        settle(target, context);
        UnitLimits unitLimits = target.recognizedBy() == Recognition.BY_NAME ? UnitLimits.ONE_BY_ONE : limits;
        Set<String> unmatched = new HashSet<>();
        int refusalsInARow = 0;
        while (true) {
            context.checkpoint();
            List<Intent> unit = store.nextUnit(unitLimits);
            if (unit.isEmpty()) {
                if (settleOpen(target, context)) {
                    unmatched.clear();
                    continue;
                }
                break;
            }
            if (unit.getFirst().loneFailures() >= Settlement.PATIENCE) {
                settleOpen(target, context);
                unmatched.clear();
                refuseToGoInCircles(unit.getFirst());
            }
            // Two of the same name must not be open at the same time: nobody could tell which of them arrived.
            if (unit.stream().anyMatch(intent -> unmatched.contains(intent.fingerprint()))) {
                settleOpen(target, context);
                unmatched.clear();
            }
            target.awaitTurn();
            store.sent(unit, context);
            // A commit may take its time: make sure of the lease once more, directly before the bytes leave.
            context.checkpoint();
            WriteAnswer answer = target.send(unit);
            refusalsInARow = answer instanceof NoSafeToResend ? refusalsInARow + 1 : 0;
            switch (answer) {
                case Yes(List<String> ids)
                when ids.size() == unit.size() -> {
                    store.created(unit, ids, context);
                    counts = counts.plusCreated(unit.size());
                }
                case Yes(List<String> ids) -> {
                    store.accepted(unit, context);
                    unit.forEach(intent -> unmatched.add(intent.fingerprint()));
                }
                case NoForGood(var reason) -> {
                    store.rejected(unit, reason, context);
                    unit.forEach(intent -> unmatched.add(intent.fingerprint()));
                }
                case NoSafeToResend(Optional<Duration> after, RuntimeException failure) -> {
                    store.notSent(unit, context);
                    waitForTarget(after, failure, refusalsInARow, context);
                }
                case Unknown() -> {}
            }
            if (answer instanceof Unknown || unmatched.size() >= settings.mostUnmatched()) {
                settleOpen(target, context);
                unmatched.clear();
            }
            sayProgress(context);
        }
        lookForLateCopies(target, context);
        counts = store.counts();
        sayProgress(context);
        return new WriteSummary(counts.created(), counts.refused(), List.copyOf(ambiguous));
    }

    /**
     * Settles without sending: afterwards each write is created, refused, or certainly not in the target.
     *
     * @throws StepStoppedException from the context
     * @throws RuntimeException as {@link #write} does
     */
    public void settle(TargetWrite target, StepContext context) {
        settleOpen(target, context);
        counts = store.counts();
        sayProgress(context);
    }

    /** What became of each write, in the order of the plan. */
    public void forEachOutcome(Consumer<WriteOutcome> consumer) {
        store.forEachOutcome(consumer);
    }

    /** Everything that is in the target because of this scope, newest first, for taking it back. */
    public void forEachCreated(Consumer<CreatedObject> consumer) {
        store.forEachCreated(consumer);
    }

    /** Notes that these were taken back; a later {@link #forEachCreated} passes over them. */
    public void removed(Collection<String> sourceIds, StepContext context) {
        store.removed(sourceIds, context);
    }

    private void record(Iterator<PlannedWrite> plan, TargetWrite target, StepContext context) {
        if (!plan.hasNext()) {
            return;
        }
        Map<String, Set<String>> presentBefore = null;
        Map<String, PlannedWrite> batch = new LinkedHashMap<>();
        long bytes = 0;
        while (plan.hasNext()) {
            PlannedWrite write = plan.next();
            if (batch.putIfAbsent(write.sourceId(), write) == null) {
                bytes += write.payload().length;
            }
            if (batch.size() >= RECORD_OBJECTS || bytes >= RECORD_BYTES || !plan.hasNext()) {
                batch.keySet().removeAll(store.recorded(batch.keySet()));
                if (presentBefore == null && !batch.isEmpty()) {
                    presentBefore = presentBefore(target);
                }
                if (!batch.isEmpty()) {
                    record(batch.values(), presentBefore, context);
                }
                batch.clear();
                bytes = 0;
            }
        }
    }

    private void record(Collection<PlannedWrite> writes, Map<String, Set<String>> presentBefore, StepContext context) {
        context.checkpoint();
        store.record(
                writes.stream()
                        .map(write -> new NewIntent(
                                write, presentBefore.getOrDefault(store.fingerprint(write.token()), Set.of())))
                        .toList(),
                context);
    }

    private Map<String, Set<String>> presentBefore(TargetWrite target) {
        Map<String, Set<String>> present = new HashMap<>();
        switch (target.recognizedBy()) {
            // Nobody can have made an object with a token that was made just now.
            case BY_UNIQUE_TOKEN -> {}
            case BY_NAME ->
                target.list(
                        List.of(),
                        object -> present.computeIfAbsent(store.fingerprint(object.token()), token -> new HashSet<>())
                                .add(object.targetId()));
        }
        return present;
    }

    /** Returns whether there was anything to settle. */
    private boolean settleOpen(TargetWrite target, StepContext context) {
        List<OpenWrite> open = store.open();
        if (open.isEmpty()) {
            mayFindCallsOfOthers = false;
            counts = store.counts();
            return false;
        }
        carryOut(open, atRest(open, target, context), target, context);
        mayFindCallsOfOthers = false;
        counts = store.counts();
        return true;
    }

    /** What fails alone comes last: when nothing went through since it did so the last time, the server is to blame. */
    private void refuseToGoInCircles(Intent failing) {
        Long createdThen = createdAtLastFailure.put(failing.id(), counts.created());
        if (createdThen != null && createdThen == counts.created()) {
            throw new StepFailureException(
                    FailureCode.SERVER_ERROR,
                    "the target neither takes nor refuses a write, and takes no other either");
        }
    }

    private void lookForLateCopies(TargetWrite target, StepContext context) {
        List<OpenWrite> repeated = store.sentRepeatedly();
        if (repeated.isEmpty()) {
            return;
        }
        pause(untilNothingIsOnItsWay(repeated), context);
        context.checkpoint();
        TargetListing listing = TargetListing.take(target, repeated, store::fingerprint);
        carryOut(repeated, listing, target, context);
        store.noLateCopies(repeated.stream().map(OpenWrite::id).toList(), context);
    }

    private void carryOut(List<OpenWrite> writes, TargetListing listing, TargetWrite target, StepContext context) {
        Settlement settlement =
                Settlement.of(writes, listing, target.recognizedBy(), store.lastSuccess(), !mayFindCallsOfOthers);
        ambiguous.addAll(settlement.ambiguous());
        // Copies go before the journal forgets that there may be some; removing again what is gone does no harm.
        if (!settlement.surplus().isEmpty()) {
            context.checkpoint();
            target.remove(settlement.surplus());
        }
        store.settle(settlement.verdicts(), context);
    }

    /** Lists the target until nothing in question moves any more. */
    private TargetListing atRest(List<OpenWrite> open, TargetWrite target, StepContext context) {
        boolean unanswered = open.stream().anyMatch(write -> write.state() == IntentState.SENT);
        TargetListing previous = null;
        if (unanswered) {
            if (mayFindCallsOfOthers) {
                pause(
                        untilNothingIsOnItsWay(open.stream()
                                .filter(write -> write.state() == IntentState.SENT)
                                .toList()),
                        context);
            }
            pause(settings.quiesce(), context);
        }
        for (int listings = 0; listings < settings.mostListings(); listings++) {
            context.checkpoint();
            TargetListing current = TargetListing.take(target, open, store::fingerprint);
            // After an answer the target has done what it will do, so what is there needs no second look.
            if ((!unanswered && current.showsAll(open)) || (previous != null && previous.sameAs(current))) {
                return current;
            }
            previous = current;
            pause(settings.quiesce(), context);
        }
        throw new StepFailureException(
                FailureCode.OUTCOME_UNSETTLED,
                "the target did not come to rest in " + settings.mostListings() + " listings");
    }

    /**
     * A worker that lost its lease may still be sending, and a server may still be working for a client that has gone: the
     * call has to be over before what is not there can be said not to come.
     */
    private Duration untilNothingIsOnItsWay(List<OpenWrite> sent) {
        return sent.stream()
                .map(write -> settings.inFlight().minus(write.sinceLastSent()))
                .max(Duration::compareTo)
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    private void waitForTarget(
            Optional<Duration> after, RuntimeException failure, int refusalsInARow, StepContext context) {
        Duration wait = after.orElseGet(() -> Duration.ofSeconds(1L << Math.min(refusalsInARow - 1, 5)));
        if (refusalsInARow >= settings.mostRefusals() || wait.compareTo(settings.longestWait()) > 0) {
            throw failure;
        }
        long jitter = wait.toMillis() / 5;
        pause(wait.plusMillis(jitter > 0 ? ThreadLocalRandom.current().nextLong(jitter) : 0), context);
    }

    private void pause(Duration duration, StepContext context) {
        Duration left = duration;
        while (left.isPositive()) {
            context.checkpoint();
            Duration slice = left.compareTo(CHECKPOINT_EVERY) < 0 ? left : CHECKPOINT_EVERY;
            try {
                settings.pause().sleep(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepStoppedException("interrupted while waiting for the target");
            }
            left = left.minus(slice);
        }
    }

    private void sayProgress(StepContext context) {
        context.progress(counts.created() + counts.refused(), counts.total(), 0, 0);
    }
}
