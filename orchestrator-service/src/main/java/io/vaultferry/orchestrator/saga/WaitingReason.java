package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.OperatorAction.APPROVE;
import static io.vaultferry.orchestrator.saga.OperatorAction.CANCEL;
import static io.vaultferry.orchestrator.saga.OperatorAction.RETRY;

import java.util.Set;

/** Whom a {@link SagaStatus#WAITING} migration waits for. */
public enum WaitingReason {
    /** The operator, who reads the plan before the first write. */
    APPROVAL(Set.of(APPROVE, CANCEL)),
    /** People who have to accept their invitation; asked again and again, for days if need be. */
    MEMBERS(Set.of(APPROVE)),
    /** The operator, because a server no longer accepts a connection's credentials. */
    CREDENTIALS(Set.of(RETRY, CANCEL));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable; the checker cannot see that from the type.
    private final Set<OperatorAction> actions;

    WaitingReason(Set<OperatorAction> actions) {
        this.actions = actions;
    }

    public Set<OperatorAction> actions() {
        return actions;
    }
}
