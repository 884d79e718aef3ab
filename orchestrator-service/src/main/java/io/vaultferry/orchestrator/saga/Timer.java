package io.vaultferry.orchestrator.saga;

/** What is to happen with the one timer of a saga. How long the delays are is configuration of whoever keeps the time. */
public sealed interface Timer {

    /** Wake the saga by {@link SagaInput.DeadlinePassed} when the command stays without answer or progress. */
    record AwaitReply() implements Timer {}

    /**
     * Wake the saga by {@link SagaInput.PollDue}.
     *
     * @param round how often people have been asked already, from 1; the delay grows with it
     */
    record AwaitMembers(int round) implements Timer {}

    /** Nothing wakes the saga but a person. */
    record None() implements Timer {}

    /** Leave the timer as it is. */
    record Unchanged() implements Timer {}
}
