package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.OperatorAction.APPROVE;
import static io.vaultferry.orchestrator.saga.OperatorAction.CANCEL;
import static io.vaultferry.orchestrator.saga.OperatorAction.PAUSE;
import static io.vaultferry.orchestrator.saga.OperatorAction.RESUME;
import static io.vaultferry.orchestrator.saga.OperatorAction.RETRY;

import java.util.Set;

/** Where a migration stands, with the actions that an operator may take there. */
public enum SagaStatus {
    /** Accepted, nothing asked of anybody yet. */
    PLANNED(Set.of(CANCEL)),
    /** One step is being carried out. */
    RUNNING(Set.of(PAUSE, CANCEL)),
    /** Stopped at a safe point because an operator asked for it. */
    PAUSED(Set.of(RESUME, CANCEL)),
    /** Waits for people; {@link WaitingReason} says for whom and narrows the actions. */
    WAITING(Set.of(APPROVE, RETRY, CANCEL)),
    /** Takes back what was done, last step first. */
    COMPENSATING(Set.of()),
    /** Ended: everything arrived. */
    COMPLETED(Set.of()),
    /** Ended: the report lists what did not arrive, and why. */
    COMPLETED_WITH_EXCEPTIONS(Set.of()),
    /** Ended: what was done has been taken back. */
    COMPENSATED(Set.of()),
    /** A person has to look; the failure says at what. */
    STUCK(Set.of(RETRY, CANCEL));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable; the checker cannot see that from the type.
    private final Set<OperatorAction> actions;

    SagaStatus(Set<OperatorAction> actions) {
        this.actions = actions;
    }

    /** The actions that this status allows at most; the state of the saga can narrow them. */
    public Set<OperatorAction> actions() {
        return actions;
    }

    /** Whether nothing can happen any more. */
    public boolean ended() {
        return switch (this) {
            case COMPLETED, COMPLETED_WITH_EXCEPTIONS, COMPENSATED -> true;
            case PLANNED, RUNNING, PAUSED, WAITING, COMPENSATING, STUCK -> false;
        };
    }
}
