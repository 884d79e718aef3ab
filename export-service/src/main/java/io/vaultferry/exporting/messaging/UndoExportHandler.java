package io.vaultferry.exporting.messaging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes back EXPORT_VAULT, the only step of this service that leaves something: the staged documents. */
@ApplicationScoped
class UndoExportHandler implements StepHandler<UndoStep> {

    private final ClaimCheckStore store;

    UndoExportHandler(ClaimCheckStore store) {
        this.store = store;
    }

    @Override
    public Class<UndoStep> commandType() {
        return UndoStep.class;
    }

    @Override
    public StepReply handle(UndoStep command, StepContext context) {
        store.discard(command.migrationId());
        return new StepReply.StepUndone(command.migrationId(), command.step(), command.attempt(), 0, 0);
    }
}
