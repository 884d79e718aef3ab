package io.vaultferry.messaging.steps;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;

/**
 * Identifies a job. Carrying a step out and undoing it are two jobs.
 *
 * @param undo true for the step's compensation
 */
record JobKey(MigrationId migrationId, Step step, boolean undo) {

    static JobKey of(StepCommand command) {
        return new JobKey(command.migrationId(), command.step(), command instanceof StepCommand.UndoStep);
    }
}
