package io.vaultferry.messaging;

import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl.HaltStep;

/** The step commands that this service has to carry out. */
public interface StepJobs {

    /**
     * Hands a command to the workers as if it had come through Kafka, in the caller's transaction. For a service that
     * carries out steps of its own; a participant's commands arrive by themselves.
     *
     * @throws jakarta.transaction.TransactionalException when there is no transaction
     */
    void enqueue(StepCommand command);

    /**
     * Asks the workers to stop a step, in the caller's transaction. They answer as to a halt that came through Kafka.
     *
     * @throws jakarta.transaction.TransactionalException when there is no transaction
     */
    void halt(HaltStep halt);
}
