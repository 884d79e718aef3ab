package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.Completed;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the saga has to remember: the terms, the last completion event of each step, and the plan. Commands are built from
 * it and from nothing else.
 *
 * @param events the last completion event of each step that has one
 * @param plan computed once both organizations have been inspected
 * @param leaveWaitingFrom the attempt of CONFIRM_MEMBERS from which on nobody is waited for; 0 while everybody is
 * @param removed objects that compensation removed
 * @param kept objects that compensation had to leave
 */
public record SagaData(
        MigrationTerms terms,
        Map<Step, Completed> events,
        Optional<MigrationPlan> plan,
        int leaveWaitingFrom,
        long removed,
        long kept) {

    public SagaData {
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(plan, "plan");
        events = events.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(events));
    }

    public static SagaData of(MigrationTerms terms) {
        return new SagaData(terms, Map.of(), Optional.empty(), 0, 0, 0);
    }

    /** The last completion event of a type, when its step has completed. */
    public <E extends Completed> Optional<E> event(Class<E> type) {
        return events.values().stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** What each finished step says it did with each object. */
    public Map<Step, ClaimCheck> outcomes() {
        Map<Step, ClaimCheck> outcomes = new EnumMap<>(Step.class);
        events.forEach((step, event) -> event.outcomeDocument().ifPresent(document -> outcomes.put(step, document)));
        return outcomes;
    }

    /** People who are confirmed in the source and have not accepted in the target. */
    public long membersWaiting() {
        return event(StepReply.MembersConfirmed.class)
                .map(StepReply.MembersConfirmed::waiting)
                .orElse(0L);
    }

    <E extends Completed> E require(Class<E> type) {
        return event(type).orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " yet"));
    }

    SagaData with(Completed event) {
        Map<Step, Completed> more = new EnumMap<>(Step.class);
        more.putAll(events);
        more.put(event.step(), event);
        return new SagaData(terms, more, plan, leaveWaitingFrom, removed, kept);
    }

    SagaData with(MigrationPlan newPlan) {
        return new SagaData(terms, events, Optional.of(newPlan), leaveWaitingFrom, removed, kept);
    }

    SagaData leavingWaitingFrom(int attempt) {
        return new SagaData(terms, events, plan, attempt, removed, kept);
    }

    SagaData with(StepReply.StepUndone undone) {
        return new SagaData(terms, events, plan, leaveWaitingFrom, removed + undone.removed(), kept + undone.kept());
    }
}
