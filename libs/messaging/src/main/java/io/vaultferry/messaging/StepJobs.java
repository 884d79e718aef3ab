package io.vaultferry.messaging;

import io.vaultferry.contracts.StepCommand;

/** The step commands that this service has to carry out. */
public interface StepJobs {

    /**
     * Hands a command to the workers as if it had come through Kafka, in the caller's transaction. For a service that
     * carries out steps of its own; a participant's commands arrive by themselves.
     *
     * @throws jakarta.transaction.TransactionalException when there is no transaction
     */
    void enqueue(StepCommand command);
}
