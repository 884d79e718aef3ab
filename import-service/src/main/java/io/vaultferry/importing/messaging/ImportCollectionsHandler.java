package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.UnsupportedEncryptionException;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ImportCollections;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.importing.domain.CollectionWrite;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Creates the collections; two of the same name stay two. */
@ApplicationScoped
class ImportCollectionsHandler implements StepHandler<ImportCollections> {

    private final Grants grants;
    private final WriteJournals journals;
    private final ClaimCheckStore store;

    ImportCollectionsHandler(Grants grants, WriteJournals journals, ClaimCheckStore store) {
        this.grants = grants;
        this.journals = journals;
        this.store = store;
    }

    @Override
    public Class<ImportCollections> commandType() {
        return ImportCollections.class;
    }

    @Override
    public StepReply handle(ImportCollections command, StepContext context) {
        try (MigrationSession source = grants.open(command.migrationId(), Side.SOURCE);
                MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            Snapshot snapshot = Snapshot.open(store, target.stagingKey(), command.migrationId(), command.snapshot());
            EffectivelyOnceWriter writer = journals.writer(
                    WriteScope.of(command.migrationId(), Step.IMPORT_COLLECTIONS, WriteKind.COLLECTION), target);
            Set<String> recorded = writer.recorded();
            StepOutcomes outcomes = new StepOutcomes();
            List<PlannedWrite> plan = new ArrayList<>();
            for (Collection collection : snapshot.collections()) {
                if (collection.personal()) {
                    // Nobody but its owner can create it; the server does so when the person is confirmed.
                    outcomes.add(ObjectOutcome.skipped(
                            ObjectKind.COLLECTION, collection.id().value(), ReasonCode.UNSUPPORTED_BY_TARGET));
                } else if (!recorded.contains(collection.id().value())) {
                    plan(collection, source, target, plan, outcomes);
                }
            }
            writer.write(
                    plan.iterator(),
                    UnitLimits.ONE_BY_ONE,
                    new CollectionWrite(target.server(), target.organization()),
                    context);
            outcomes.addAll(ObjectKind.COLLECTION, writer);
            return new StepReply.CollectionsImported(
                    command.migrationId(),
                    command.attempt(),
                    outcomes.tally(ObjectKind.COLLECTION),
                    outcomes.store(store, target.stagingKey(), command.migrationId()));
        }
    }

    private static void plan(
            Collection collection,
            MigrationSession source,
            MigrationSession target,
            List<PlannedWrite> plan,
            StepOutcomes outcomes) {
        try {
            plan.add(CollectionWrite.plan(collection, source.organizationKey(), target.organizationKey()));
        } catch (UnsupportedEncryptionException e) {
            outcomes.add(ObjectOutcome.quarantined(
                    ObjectKind.COLLECTION, collection.id().value(), ReasonCode.UNSUPPORTED_ENCRYPTION));
        } catch (CryptoException e) {
            outcomes.add(ObjectOutcome.quarantined(
                    ObjectKind.COLLECTION, collection.id().value(), ReasonCode.UNREADABLE_AT_SOURCE));
        }
    }
}
