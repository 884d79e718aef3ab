package io.vaultferry.importing.messaging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.ImportItems;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.journal.WriteJournals;
import jakarta.enterprise.context.ApplicationScoped;

/** Imports the items and writes the manifest of their files. */
@ApplicationScoped
class ImportItemsHandler implements StepHandler<ImportItems> {

    private final Grants grants;
    private final WriteJournals journals;
    private final ClaimCheckStore store;

    ImportItemsHandler(Grants grants, WriteJournals journals, ClaimCheckStore store) {
        this.grants = grants;
        this.journals = journals;
        this.store = store;
    }

    @Override
    public Class<ImportItems> commandType() {
        return ImportItems.class;
    }

    @Override
    public StepReply handle(ImportItems command, StepContext context) {
        try (MigrationSession source = grants.open(command.migrationId(), Side.SOURCE);
                MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            ItemImport run = new ItemImport(command, source, target, journals, store, context);
            run.importAll();
            ClaimCheck manifest = run.completeAndWriteManifest();
            StepOutcomes outcomes = run.outcomes();
            return new StepReply.ItemsImported(
                    command.migrationId(),
                    command.attempt(),
                    outcomes.tally(ObjectKind.ITEM),
                    outcomes.store(store, target.stagingKey(), command.migrationId()),
                    manifest);
        }
    }
}
