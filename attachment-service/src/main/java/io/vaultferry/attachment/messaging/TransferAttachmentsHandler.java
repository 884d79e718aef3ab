package io.vaultferry.attachment.messaging;

import io.vaultferry.attachment.domain.UnitPlan;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.attachment.persistence.TransferState;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.TransferAttachments;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.Topics;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.documents.AttachmentManifest;
import io.vaultferry.participant.documents.ManifestFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Cuts the manifest into units, announces them on {@code attachment-work}, and watches until all are finished. It announces
 * a unit again when its worker failed or vanished, and who is idle takes what nobody has begun, so nothing depends on Kafka's
 * keeping a record.
 */
@ApplicationScoped
class TransferAttachmentsHandler implements StepHandler<TransferAttachments> {

    private final Grants grants;
    private final ClaimCheckStore store;
    private final TransferRepository transfers;
    private final ManifestFileSeal seal;
    private final Outbox outbox;
    private final Database database;
    private final TransferSettings settings;

    TransferAttachmentsHandler(
            Grants grants,
            ClaimCheckStore store,
            TransferRepository transfers,
            ManifestFileSeal seal,
            Outbox outbox,
            Database database,
            TransferSettings settings) {
        this.grants = grants;
        this.store = store;
        this.transfers = transfers;
        this.seal = seal;
        this.outbox = outbox;
        this.database = database;
        this.settings = settings;
    }

    @Override
    public Class<TransferAttachments> commandType() {
        return TransferAttachments.class;
    }

    @Override
    public StepReply handle(TransferAttachments command, StepContext context) throws InterruptedException {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            if (!transfers.activate(command.migrationId(), command.attempt())) {
                throw new StepStoppedException("a later attempt is under way");
            }
            // When only this process stops, the workers of all the others go on, and so does who watches them next.
            prepare(command, target, context);
            watch(command, context);
            StepOutcomes outcomes = new StepOutcomes();
            transfers.outcomes(command.migrationId()).forEach(outcomes::add);
            return new StepReply.AttachmentsTransferred(
                    command.migrationId(),
                    command.attempt(),
                    outcomes.tally(ObjectKind.ATTACHMENT),
                    transfers.bytesMoved(command.migrationId()),
                    outcomes.store(store, target.stagingKey(), command.migrationId()));
        }
    }

    @Override
    public void halted(TransferAttachments command) {
        transfers.deactivate(command.migrationId(), command.attempt());
    }

    /** Writes all units in one transaction: either the whole manifest is known or none of it. */
    private void prepare(TransferAttachments command, MigrationSession target, StepContext context) {
        database.inTransaction(() -> {
            context.fence();
            if (transfers.hasUnits(command.migrationId())) {
                transfers.forgetFailures(command.migrationId());
                return;
            }
            int filesPerUnit = filesPerUnit(command, target);
            try (AttachmentManifest.Files files = open(command, target)) {
                new UnitPlan(files, filesPerUnit, settings.largeFile())
                        .forEachRemaining(unit -> insert(command, target, unit));
            }
        });
    }

    /** So few that there is something to do for many instances, and none of them is left with a long unit at the end. */
    private int filesPerUnit(TransferAttachments command, MigrationSession target) {
        long small = 0;
        try (AttachmentManifest.Files files = open(command, target)) {
            while (files.hasNext()) {
                small += files.next().size() < settings.largeFile() ? 1 : 0;
            }
        }
        return Math.clamp(Math.ceilDiv(small, settings.leastUnits()), 1, settings.filesPerUnit());
    }

    private AttachmentManifest.Files open(TransferAttachments command, MigrationSession target) {
        return AttachmentManifest.open(store, target.stagingKey(), command.migrationId(), command.manifest());
    }

    private void insert(TransferAttachments command, MigrationSession target, List<ManifestFile> files) {
        UUID unit = UUID.randomUUID();
        long bytes = files.stream().mapToLong(ManifestFile::size).sum();
        transfers.insertUnit(command.migrationId(), unit, files.size(), bytes);
        for (int position = 0; position < files.size(); position++) {
            ManifestFile file = files.get(position);
            transfers.insertFile(command.migrationId(), unit, position, seal.seal(file, target), file.size());
        }
    }

    private void watch(TransferAttachments command, StepContext context) throws InterruptedException {
        while (true) {
            context.checkpoint();
            announce(command);
            TransferState state = transfers.state(command.migrationId());
            context.progress(state.filesDone(), state.filesTotal(), state.bytesDone(), state.bytesTotal());
            if (state.openUnits() == 0) {
                return;
            }
            if (state.mostTries() >= settings.mostTries()) {
                throw new StepFailureException(FailureCode.valueOf(state.failure()), state.failureDetail());
            }
            Thread.sleep(settings.poll());
        }
    }

    private void announce(TransferAttachments command) {
        database.inTransaction(() -> {
            List<TransferUnit> units = new ArrayList<>(transfers.takeUnitsToPublish(command.migrationId()));
            // What takes longest begins first, so that nobody waits for it in the end.
            units.sort(Comparator.comparingLong(TransferUnit::bytes).reversed());
            for (TransferUnit unit : units) {
                outbox.send(Topics.ATTACHMENT_WORK, unit.unitId().toString(), unit);
            }
        });
    }
}
