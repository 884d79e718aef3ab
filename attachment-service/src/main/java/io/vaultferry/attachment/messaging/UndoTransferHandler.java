package io.vaultferry.attachment.messaging;

import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Takes back TRANSFER_ATTACHMENTS: stops the workers. The files hang on items that this migration created, and go with them
 * when IMPORT_ITEMS is taken back; a file on an item that stays because somebody edited it stays with it.
 */
@ApplicationScoped
class UndoTransferHandler implements StepHandler<UndoStep> {

    private final TransferRepository transfers;

    UndoTransferHandler(TransferRepository transfers) {
        this.transfers = transfers;
    }

    @Override
    public Class<UndoStep> commandType() {
        return UndoStep.class;
    }

    @Override
    public StepReply handle(UndoStep command, StepContext context) {
        transfers.deactivateAll(command.migrationId());
        return new StepReply.StepUndone(command.migrationId(), command.step(), command.attempt(), 0, 0);
    }
}
