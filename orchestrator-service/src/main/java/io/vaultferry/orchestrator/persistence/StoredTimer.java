package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.saga.SagaInput;
import java.util.Objects;

/** What wakes a saga. */
public record StoredTimer(Kind kind, Step step, int attempt) {

    public StoredTimer {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(step, "step");
    }

    /** The input that it turns into. */
    public SagaInput toInput() {
        return switch (kind) {
            case REPLY -> new SagaInput.DeadlinePassed(step, attempt);
            case MEMBERS -> new SagaInput.PollDue(attempt);
        };
    }

    public enum Kind {
        REPLY,
        MEMBERS
    }
}
