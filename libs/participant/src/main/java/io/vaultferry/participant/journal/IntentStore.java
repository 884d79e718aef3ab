package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.messaging.StepContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The journal of one scope. Every change is durable when its method returns, is made as a whole or not at all, and only while
 * the worker of the given context holds its job.
 */
interface IntentStore {

    /** The source ids that have an intent. */
    Set<String> recorded();

    /** Those of the source ids that have an intent, at a cost that depends on their number only. */
    Set<String> recorded(Collection<String> sourceIds);

    /** Records intents as {@link IntentState#INTENDED}. A source id that has one keeps it as it is. */
    void record(List<NewIntent> intents, StepContext context);

    /**
     * The next writes to send: those that failed alone last, before them those that may go only in small calls, and otherwise
     * in the order of the plan. Never more than any of them allows.
     */
    List<Intent> nextUnit(UnitLimits limits);

    /**
     * {@link IntentState#INTENDED} becomes {@link IntentState#SENT}.
     *
     * @throws IllegalStateException when one of them is in another state
     */
    void sent(List<Intent> unit, StepContext context);

    /** {@link IntentState#SENT} becomes {@link IntentState#INTENDED}: the target did nothing. */
    void notSent(List<Intent> unit, StepContext context);

    /** {@link IntentState#SENT} becomes {@link IntentState#ACCEPTED}. */
    void accepted(List<Intent> unit, StepContext context);

    /** {@link IntentState#SENT} becomes {@link IntentState#REJECTED}. */
    void rejected(List<Intent> unit, ReasonCode reason, StepContext context);

    /** {@link IntentState#SENT} becomes {@link IntentState#CREATED}, with ids in the order of the unit. */
    void created(List<Intent> unit, List<String> targetIds, StepContext context);

    /**
     * Writes that were sent and whose fate is open, and those that are created and share a token with one of them, in the
     * order of the plan. Empty when no fate is open.
     */
    List<OpenWrite> open();

    /**
     * Settled writes that were sent again after a call without an answer, so that a copy may have arrived late, and those that are created and
     * share a token with one of them, in the order of the plan.
     */
    List<OpenWrite> sentRepeatedly();

    /** When the latest write that is known to have arrived was sent. */
    Optional<Instant> lastSuccess();

    /** Carries out verdicts. Who is sent again after a call without an answer counts as sent repeatedly from now on. */
    void settle(Map<UUID, Verdict> verdicts, StepContext context);

    /** No copies arrived late. */
    void noLateCopies(Collection<UUID> writes, StepContext context);

    Counts counts();

    /** Every write in the order of the plan. */
    void forEachOutcome(Consumer<WriteOutcome> consumer);

    /** Every created object, newest first. */
    void forEachCreated(Consumer<CreatedObject> consumer);

    /** {@link IntentState#CREATED} becomes {@link IntentState#REMOVED}. */
    void removed(Collection<String> sourceIds, StepContext context);

    /** The keyed hash of a token. */
    String fingerprint(String token);

    /**
     * A write to record.
     *
     * @param presentBefore ids of the target that carry the token already
     */
    record NewIntent(PlannedWrite write, Set<String> presentBefore) {
        public NewIntent {
            presentBefore = Set.copyOf(presentBefore);
        }
    }

    /** How many writes there are. */
    record Counts(long total, long created, long refused) {

        Counts plusCreated(int more) {
            return new Counts(total, created + more, refused);
        }
    }
}
