package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ImportItems;
import io.vaultferry.importing.domain.ItemAdmission;
import io.vaultferry.importing.domain.ItemAdmission.Decision;
import io.vaultferry.importing.domain.ItemWrite;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.documents.AttachmentManifest;
import io.vaultferry.participant.documents.IdMap;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * One run of IMPORT_ITEMS. Every part of it can be repeated: writes are journaled, and what follows them (links that a
 * server left out, the trash) is made as it should be wherever it is not.
 */
final class ItemImport {

    private static final int ITEMS_A_CALL = 1_000;
    private static final long BYTES_A_CALL = 4L << 20;

    private final ImportItems command;
    private final MigrationSession target;
    private final ClaimCheckStore store;
    private final StepContext context;
    private final Snapshot snapshot;
    private final IdMap collections;
    private final Map<CollectionId, EncString> collectionNames;
    private final ItemAdmission admission;
    private final EffectivelyOnceWriter writer;
    private final StepOutcomes outcomes = new StepOutcomes();

    ItemImport(
            ImportItems command,
            MigrationSession source,
            MigrationSession target,
            WriteJournals journals,
            ClaimCheckStore store,
            StepContext context) {
        this.command = command;
        this.target = target;
        this.store = store;
        this.context = context;
        this.snapshot = Snapshot.open(store, target.stagingKey(), command.migrationId(), command.snapshot());
        try (OutcomeReader lines =
                OutcomeReader.open(store, target.stagingKey(), command.migrationId(), command.collections())) {
            this.collections = IdMap.of(lines, ObjectKind.COLLECTION);
        }
        this.collectionNames = collectionNames(target);
        this.admission = new ItemAdmission(
                target.profile(), command.options(), source.organizationKey(), target.organizationKey());
        this.writer = journals.writer(WriteScope.of(command.migrationId(), Step.IMPORT_ITEMS, WriteKind.ITEM), target);
    }

    private static Map<CollectionId, EncString> collectionNames(MigrationSession target) {
        Map<CollectionId, EncString> names = new HashMap<>();
        for (Collection collection : target.server().collections(target.organization())) {
            if (EncString.looksLikeEncString(collection.nameText())) {
                names.put(collection.id(), EncString.parse(collection.nameText()));
            }
        }
        return names;
    }

    StepOutcomes outcomes() {
        return outcomes;
    }

    /** Sends what has not been sent, and finds out what arrived. */
    void importAll() {
        try (Plan plan = new Plan(writer.recorded())) {
            writer.write(
                    plan, limits(), new ItemWrite(target.server(), target.organization(), collectionNames), context);
            plan.held().forEach(outcomes::add);
        }
        outcomes.addAll(ObjectKind.ITEM, writer);
    }

    private UnitLimits limits() {
        return new UnitLimits(
                Math.min(ITEMS_A_CALL, target.profile().largestImportItems()),
                Math.min(BYTES_A_CALL, target.profile().largestImportBytes() / 2));
    }

    /** Decides on the items one by one as the journal asks for them; none but the current is in memory. */
    private final class Plan implements Iterator<PlannedWrite>, AutoCloseable {

        private final Snapshot.Items items = snapshot.items();
        private final Set<String> recorded;
        private final List<ObjectOutcome> held = new ArrayList<>();
        private Optional<PlannedWrite> upcoming = Optional.empty();

        Plan(Set<String> recorded) {
            this.recorded = recorded;
        }

        @Override
        public boolean hasNext() {
            while (upcoming.isEmpty() && items.hasNext()) {
                Item item = items.next();
                if (!recorded.contains(item.id().value())) {
                    upcoming = planned(item);
                }
            }
            return upcoming.isPresent();
        }

        @Override
        public PlannedWrite next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            PlannedWrite next = upcoming.orElseThrow();
            upcoming = Optional.empty();
            return next;
        }

        private Optional<PlannedWrite> planned(Item item) {
            return switch (admission.decide(item)) {
                case Decision.Admitted(Map<String, Object> moved) -> planned(item, moved);
                case Decision.Held(Outcome outcome, ReasonCode reason) -> held(item, outcome, reason);
            };
        }

        private Optional<PlannedWrite> planned(Item item, Map<String, Object> moved) {
            PlannedWrite write = ItemWrite.plan(item.id(), moved, target.organization(), collectionsOf(item));
            return write.payload().length > target.profile().largestImportBytes()
                    ? held(item, Outcome.QUARANTINED, ReasonCode.FIELD_TOO_LONG)
                    : Optional.of(write);
        }

        private Optional<PlannedWrite> held(Item item, Outcome outcome, ReasonCode reason) {
            held.add(new ObjectOutcome(
                    ObjectKind.ITEM, item.id().value(), Optional.empty(), outcome, Optional.of(reason)));
            return Optional.empty();
        }

        /** What does not go to the target; complete when the plan has come to its end. */
        List<ObjectOutcome> held() {
            return held;
        }

        @Override
        public void close() {
            items.close();
        }
    }

    /**
     * The target's collections of an item. One whose collections were not moved, or are no longer there, becomes an item in
     * none.
     */
    private List<CollectionId> collectionsOf(Item item) {
        return item.collectionIds().stream()
                .flatMap(id -> collections.targetOf(id.value()).stream())
                .map(CollectionId::new)
                .filter(collectionNames::containsKey)
                .distinct()
                .toList();
    }

    /** What the target shows of an item, as far as it is needed here. */
    private record Arrived(Set<CollectionId> collections, boolean trashed, Optional<EncString> key) {}

    /** Mends links, fills the trash, and writes down which file goes where. */
    ClaimCheck completeAndWriteManifest() {
        Map<String, String> targetIds = new HashMap<>();
        for (ObjectOutcome outcome : outcomes.lines()) {
            outcome.targetId().ifPresent(id -> targetIds.put(outcome.sourceId(), id));
        }
        Map<String, Arrived> arrived = listArrived(new HashSet<>(targetIds.values()));
        List<ItemId> toTrash = new ArrayList<>();
        ClaimCheck manifest = AttachmentManifest.write(store, target.stagingKey(), command.migrationId(), sink -> {
            try (Snapshot.Items items = snapshot.items()) {
                while (items.hasNext()) {
                    Item item = items.next();
                    String targetId = targetIds.get(item.id().value());
                    Arrived there = targetId == null ? null : arrived.get(targetId);
                    if (there == null) {
                        holdFilesOf(item);
                        continue;
                    }
                    ItemId id = new ItemId(targetId);
                    mendLinks(id, collectionsOf(item), there);
                    if (item.deletedAt().isPresent() && !there.trashed()) {
                        toTrash.add(id);
                    }
                    for (Attachment file : item.attachments()) {
                        sink.add(new ManifestFile(
                                item.id(),
                                file.id(),
                                id,
                                file.size(),
                                item.key(),
                                file.keyText(),
                                file.fileNameText(),
                                there.key()));
                    }
                }
            }
        });
        if (!toTrash.isEmpty()) {
            context.checkpoint();
            target.server().trashItems(target.organization(), toTrash);
        }
        return manifest;
    }

    private Map<String, Arrived> listArrived(Set<String> ours) {
        Map<String, Arrived> arrived = new HashMap<>();
        target.server().forEachItem(target.organization(), item -> {
            if (ours.contains(item.id().value())) {
                arrived.put(
                        item.id().value(),
                        new Arrived(
                                Set.copyOf(item.collectionIds()),
                                item.deletedAt().isPresent(),
                                keyOf(item)));
            }
        });
        return arrived;
    }

    private static Optional<EncString> keyOf(Item item) {
        try {
            return item.key();
        } catch (CryptoException e) {
            // We sent it, so it is one; if the server spoiled it, VERIFY says so.
            return Optional.empty();
        }
    }

    /** Adds what a server left out; what somebody else put the item into stays. */
    private void mendLinks(ItemId id, List<CollectionId> expected, Arrived there) {
        if (!there.collections().containsAll(expected)) {
            Set<CollectionId> all = new LinkedHashSet<>(expected);
            all.addAll(there.collections());
            context.checkpoint();
            target.server().setItemCollections(id, List.copyOf(all));
        }
    }

    private void holdFilesOf(Item item) {
        for (Attachment file : item.attachments()) {
            outcomes.add(ObjectOutcome.skipped(ObjectKind.ATTACHMENT, file.id().value(), ReasonCode.PARENT_NOT_MOVED));
        }
    }
}
