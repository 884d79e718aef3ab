package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A saga instance as it is stored between two inputs.
 *
 * @param waitingFor present exactly while the status is WAITING
 * @param step the step that is being carried out, comes next, failed or was the last
 * @param halting present while a running step has been asked to stop and has not answered
 * @param steps every step's state
 * @param failure present while the status is STUCK or WAITING for credentials, and kept when a failure led to
 *     compensation
 */
public record SagaState(
        MigrationId id,
        SagaStatus status,
        Optional<WaitingReason> waitingFor,
        Direction direction,
        Step step,
        Optional<HaltReason> halting,
        Map<Step, StepState> steps,
        SagaData data,
        Optional<SagaFailure> failure) {

    public SagaState {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(data, "data");
        if (waitingFor.isPresent() != (status == SagaStatus.WAITING)) {
            throw new IllegalArgumentException("a waiting reason belongs to the status WAITING");
        }
        if (halting.isPresent() && status != SagaStatus.RUNNING) {
            throw new IllegalArgumentException("only a running step can be halting");
        }
        Map<Step, StepState> all = new EnumMap<>(Step.class);
        for (Step each : Step.values()) {
            all.put(each, steps.getOrDefault(each, StepState.PENDING));
        }
        steps = Collections.unmodifiableMap(all);
    }

    /** A saga that has not been started. */
    public static SagaState planned(MigrationId id, MigrationTerms terms) {
        return new SagaState(
                id,
                SagaStatus.PLANNED,
                Optional.empty(),
                Direction.FORWARD,
                Step.INSPECT_SOURCE,
                Optional.empty(),
                Map.of(),
                SagaData.of(terms),
                Optional.empty());
    }

    /** The state of the current step. */
    public StepState current() {
        return steps.get(step);
    }

    /** Whether somebody owes an answer; at most one step ever does. */
    public boolean awaitsReply() {
        return current().status().awaitsReply();
    }
}
