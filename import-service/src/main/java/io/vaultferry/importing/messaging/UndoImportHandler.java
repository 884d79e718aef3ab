package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.importing.domain.CollectionWrite;
import io.vaultferry.importing.domain.ItemWrite;
import io.vaultferry.importing.domain.OrganizationWrite;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.journal.CreatedObject;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes back what a step of this service created: only what is still what was sent. Whoever edits an item or a collection
 * encrypts anew what changed, so unchanged encrypted strings tell that nobody edited it. An item that somebody has put into
 * another collection, or that holds a file when those of this migration are gone, stays as well.
 */
@ApplicationScoped
class UndoImportHandler implements StepHandler<UndoStep> {

    private final Grants grants;
    private final WriteJournals journals;

    UndoImportHandler(Grants grants, WriteJournals journals) {
        this.grants = grants;
        this.journals = journals;
    }

    @Override
    public Class<UndoStep> commandType() {
        return UndoStep.class;
    }

    /** How many objects were removed and how many had to stay. */
    private record Removal(long removed, long kept) {}

    @Override
    public StepReply handle(UndoStep command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            Removal removal = switch (command.step()) {
                case IMPORT_ITEMS -> removeItems(command, target, context);
                case IMPORT_COLLECTIONS -> removeCollections(command, target, context);
                case PREPARE_TARGET -> countOrganizations(command, target, context);
                case INSPECT_SOURCE,
                        INSPECT_TARGET,
                        EXPORT_VAULT,
                        PROVISION_GROUPS,
                        TRANSFER_ATTACHMENTS,
                        INVITE_MEMBERS,
                        CONFIRM_MEMBERS,
                        APPLY_POLICIES,
                        VERIFY,
                        FINISH ->
                    throw new IllegalArgumentException("nothing of " + command.step() + " is undone here");
            };
            return new StepReply.StepUndone(
                    command.migrationId(), command.step(), command.attempt(), removal.removed(), removal.kept());
        }
    }

    private EffectivelyOnceWriter settled(
            UndoStep command, WriteKind kind, MigrationSession target, TargetWrite write, StepContext context) {
        EffectivelyOnceWriter writer =
                journals.writer(WriteScope.of(command.migrationId(), command.step(), kind), target);
        writer.settle(write, context);
        return writer;
    }

    private static List<CreatedObject> created(EffectivelyOnceWriter writer) {
        List<CreatedObject> created = new ArrayList<>();
        writer.forEachCreated(created::add);
        return created;
    }

    private Removal removeItems(UndoStep command, MigrationSession target, StepContext context) {
        BitwardenSession server = target.server();
        OrganizationId organization = target.organization();
        EffectivelyOnceWriter writer =
                settled(command, WriteKind.ITEM, target, new ItemWrite(server, organization, Map.of()), context);
        Map<String, Present> present = new HashMap<>();
        server.forEachItem(organization, item -> present.put(item.id().value(), Present.of(item)));
        List<ItemId> untouched = new ArrayList<>();
        List<String> sourceIds = new ArrayList<>();
        AtomicLong kept = new AtomicLong();
        writer.forEachCreated(item -> {
            Present now = present.get(item.targetId());
            if (now == null) {
                sourceIds.add(item.sourceId());
            } else if (now.isAsSent(item.payload())) {
                sourceIds.add(item.sourceId());
                untouched.add(new ItemId(item.targetId()));
            } else {
                kept.incrementAndGet();
            }
        });
        if (!untouched.isEmpty()) {
            context.checkpoint();
            server.deleteItems(organization, untouched);
        }
        writer.removed(sourceIds, context);
        return new Removal(untouched.size(), kept.get());
    }

    /** What an item of the target is now, as far as it tells of edits. Only hashes, so that a large target fits into memory. */
    private record Present(String contents, List<CollectionId> collections, boolean withFiles) {

        static Present of(Item item) {
            return new Present(
                    ItemWrite.contentsOf(item.json()),
                    item.collectionIds(),
                    !item.attachments().isEmpty());
        }

        boolean isAsSent(byte[] payload) {
            return !withFiles
                    && contents.equals(ItemWrite.contentsOf(ItemWrite.itemIn(payload)))
                    && ItemWrite.collectionsIn(payload).containsAll(collections);
        }
    }

    private Removal removeCollections(UndoStep command, MigrationSession target, StepContext context) {
        BitwardenSession server = target.server();
        OrganizationId organization = target.organization();
        EffectivelyOnceWriter writer =
                settled(command, WriteKind.COLLECTION, target, new CollectionWrite(server, organization), context);
        Map<String, String> names = new HashMap<>();
        for (Collection collection : server.collections(organization)) {
            names.put(collection.id().value(), collection.nameText());
        }
        // Somebody's items in one of our collections would be in none without it.
        Set<CollectionId> inUse = new HashSet<>();
        server.forEachItem(organization, item -> inUse.addAll(item.collectionIds()));
        List<String> sourceIds = new ArrayList<>();
        long removed = 0;
        long kept = 0;
        for (CreatedObject collection : created(writer)) {
            CollectionId id = new CollectionId(collection.targetId());
            String nameNow = names.get(id.value());
            if (nameNow == null) {
                sourceIds.add(collection.sourceId());
            } else if (nameNow.equals(CollectionWrite.nameIn(collection.payload())) && !inUse.contains(id)) {
                context.checkpoint();
                server.deleteCollection(organization, id);
                sourceIds.add(collection.sourceId());
                removed++;
            } else {
                kept++;
            }
        }
        writer.removed(sourceIds, context);
        return new Removal(removed, kept);
    }

    /** Deleting an organization takes the master password, which nobody keeps: it stays, emptied by the other steps. */
    private Removal countOrganizations(UndoStep command, MigrationSession target, StepContext context) {
        EffectivelyOnceWriter writer =
                settled(command, WriteKind.ORGANIZATION, target, new OrganizationWrite(target.server()), context);
        return new Removal(0, created(writer).size());
    }
}
