package io.vaultferry.messaging;

import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepReply;

/**
 * Carries out one kind of step command. An implementation is a CDI bean; there is one per command type in a service. The
 * handler of {@link StepCommand.UndoStep} undoes all steps of its service.
 *
 * @param <C> the command
 */
public interface StepHandler<C extends StepCommand> {

    /** The command that this handler carries out. */
    Class<C> commandType();

    /**
     * Does the work and answers for it.
     *
     * <p>Runs on a worker thread, outside any transaction, and at any time in at most one process for one step of one
     * migration. It is called again with the same command when the process died, the lease was lost, or a failure that
     * passes by itself occurred, so it has to find out what it did already and go on from there.
     *
     * @return the answer; its migration, step and attempt are those of the command
     * @throws StepFailureException for an expected failure
     * @throws StepStoppedException from {@link StepContext#checkpoint()}; let it pass
     * @throws Exception for anything else: a {@link FailureClassifier} may know it, otherwise it counts as a defect
     */
    StepReply handle(C command, StepContext context) throws Exception;

    /**
     * The step was asked to halt and is not carried out any more, perhaps since its process died. Whatever others still do for it
     * has to stop. Runs in the transaction that answers.
     *
     * @param command the one that was halted
     */
    default void halted(C command) {}
}
