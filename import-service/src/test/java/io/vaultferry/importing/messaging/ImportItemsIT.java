package io.vaultferry.importing.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ImportCollections;
import io.vaultferry.contracts.StepCommand.ImportItems;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.Tally;
import io.vaultferry.participant.documents.AttachmentManifest;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.RecordedAccount;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ImportProfile.class)
class ImportItemsIT {

    private static final String IMPORT = "POST /api/ciphers/import-organization";
    private static final String TRASH = "PUT /api/ciphers/delete-admin";
    private static final String LINK = "PUT /api/ciphers/{id}/collections-admin";
    private static final String DELETE = "DELETE /api/ciphers/admin";

    @Inject
    ImportCollectionsHandler importCollections;

    @Inject
    ImportItemsHandler handler;

    @Inject
    UndoImportHandler undo;

    @Inject
    ClaimCheckStore store;

    @Inject
    Servers servers;

    private final SymmetricKey hashKey = SymmetricKey.make();
    private TestOrganization target;
    private TestMigration migration;
    private BitwardenSession owner;

    @BeforeEach
    void open() {
        begin();
    }

    /** A new target organization, and a migration into it. */
    private void begin() {
        target = servers.target.createOrganization();
        migration = servers.migrationInto(target);
        owner = servers.target.owner();
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everyItemArrivesOnceWithItsContentsCollectionsAndTrashState() throws Exception {
        // Given
        ImportItems command = command();

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 0));
        assertArrivedOnce(command, reply);
        assertThat(servers.target.successes(IMPORT)).isEqualTo(1);
    }

    @Test
    void theManifestSaysWhereEveryFileGoes() throws Exception {
        // Given
        ImportItems command = command();

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        Map<String, String> targetIds = targetIds(reply);
        Map<String, Item> there = byId(owner.items(target.id()));
        List<ManifestFile> files = manifest(reply.manifest());
        assertThat(files).hasSize(14);
        for (Item item : servers.source.owner().items(servers.recorded.id())) {
            assertThat(files.stream().filter(file -> file.sourceItem().equals(item.id())))
                    .extracting(
                            ManifestFile::sourceAttachment,
                            file -> file.targetItem().value(),
                            ManifestFile::size,
                            ManifestFile::fileNameText,
                            ManifestFile::sourceItemKey,
                            ManifestFile::targetItemKey)
                    .containsExactlyElementsOf(item.attachments().stream()
                            .map(file -> tuple(
                                    file.id(),
                                    targetIds.get(item.id().value()),
                                    file.size(),
                                    file.fileNameText(),
                                    item.key(),
                                    there.get(targetIds.get(item.id().value())).key()))
                            .toList());
        }
    }

    @Test
    void nothingIsSentTwiceWhenTheStepIsRepeated() throws Exception {
        // Given
        ImportItems command = command();
        Turn.toTheEnd(handler, command, ItemsImported.class);

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertArrivedOnce(command, reply);
        assertThat(servers.target.successes(IMPORT)).isEqualTo(1);
        assertThat(servers.target.successes(TRASH)).isEqualTo(1);
        assertThat(servers.target.successes(LINK)).isZero();
    }

    @Test
    void theTrashStaysBehindWhenItIsNotAskedFor() throws Exception {
        // Given
        ImportItems command = command(new MigrationOptions(true, true, true, true, false), servers.snapshot(migration));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(20, 1, 0));
        assertThat(owner.items(target.id()))
                .hasSize(20)
                .noneMatch(item -> item.deletedAt().isPresent());
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .filteredOn(outcome -> outcome.outcome() == Outcome.SKIPPED)
                .extracting(ObjectOutcome::kind, ObjectOutcome::reason)
                .containsExactlyInAnyOrder(
                        tuple(ObjectKind.ITEM, Optional.of(ReasonCode.LEFT_OUT_BY_OPTION)),
                        tuple(ObjectKind.ATTACHMENT, Optional.of(ReasonCode.PARENT_NOT_MOVED)));
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#ofWrites")
    void everyItemArrivesOnceWhateverHappensToTheImport(Fault.Mode mode) throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(Fault.once(IMPORT, mode));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertFaultsHit(1);
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 0));
        assertArrivedOnce(command, reply);
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#ofWrites")
    void everyItemArrivesOnceWhateverHappensToTheTrash(Fault.Mode mode) throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(Fault.once(TRASH, mode));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertFaultsHit(1);
        assertArrivedOnce(command, reply);
    }

    @Test
    void manyLostAnswersInARowLoseAndDoubleNothing() throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(new Fault(IMPORT, 1, 2, new Fault.DropBeforeEffect()));
        servers.target.sandbox().addFault(new Fault(IMPORT, 3, 2, new Fault.DropAfterEffect()));
        servers.target.sandbox().addFault(new Fault(IMPORT, 5, 1, new Fault.AnswerAfterEffect(500)));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 0));
        assertArrivedOnce(command, reply);
    }

    @Test
    void aServerThatGoesOnAfterTheConnectionBrokeIsWaitedFor() throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(Fault.once(IMPORT, new Fault.DelayHalfway(Duration.ofMillis(500))));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertArrivedOnce(command, reply);
    }

    @Test
    void everyItemArrivesOnceWhereverAWorkerDies() throws Exception {
        for (int point = 1; ; point++) {
            // Given
            begin();
            ImportItems command = command();
            servers.target.sandbox().addFault(Fault.once(IMPORT, new Fault.DropAfterEffect()));

            // When
            boolean died = Turn.diesAt(point, handler, command);
            ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

            // Then
            assertThat(reply.tally()).as("point %d", point).isEqualTo(new Tally(21, 0, 0));
            assertArrivedOnce(command, reply);
            servers.target.sandbox().clearFaults();
            if (!died) {
                assertThat(point).as("points at which a worker can die").isGreaterThan(6);
                return;
            }
        }
    }

    @Test
    void linksThatAServerLeftOutAreMendedAndThoseOfOthersStay() throws Exception {
        // Given
        ImportItems command = command();
        ItemsImported first = Turn.toTheEnd(handler, command, ItemsImported.class);
        CollectionId others = owner.createCollection(
                target.id(), target.key().encryptText("Of somebody else"), Optional.empty(), List.of(), List.of());
        List<Item> linked = owner.items(target.id()).stream()
                .filter(item -> !item.collectionIds().isEmpty())
                .toList();
        ItemId unlinked = linked.get(0).id();
        ItemId moved = linked.get(1).id();
        owner.setItemCollections(unlinked, List.of());
        owner.setItemCollections(moved, List.of(others));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        Map<String, Item> there = byId(owner.items(target.id()));
        assertThat(targetIds(reply)).isEqualTo(targetIds(first));
        assertThat(there.get(unlinked.value()).collectionIds())
                .containsExactlyInAnyOrderElementsOf(linked.get(0).collectionIds());
        assertThat(there.get(moved.value()).collectionIds())
                .contains(others)
                .containsAll(linked.get(1).collectionIds());
    }

    @Test
    void aCollectionThatSomebodyDeletedMeanwhileHoldsUpNothing() throws Exception {
        // Given
        ImportItems command = command();
        Collection deleted = owner.collections(target.id()).getFirst();
        owner.collections(target.id()).stream()
                .filter(collection -> !collection.id().equals(deleted.id()))
                .limit(4)
                .forEach(collection -> owner.deleteCollection(target.id(), collection.id()));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 0));
        assertThat(owner.items(target.id())).hasSize(21);
        assertThat(owner.collections(target.id())).as("none is made anew").hasSize(5);
    }

    @Test
    void aCollectionThatSomebodyDeletesBetweenTwoTurnsHoldsUpNothing() throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(new Fault(IMPORT, 1, 1, new Fault.DropBeforeEffect()));
        assertThat(Turn.diesAt(4, handler, command)).isTrue();
        owner.collections(target.id()).forEach(collection -> owner.deleteCollection(target.id(), collection.id()));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 0));
        assertThat(owner.collections(target.id())).isEmpty();
    }

    @Test
    void whatTheTargetLeavesOutIsFoundAndStaysForAStatedReason() throws Exception {
        // Given
        List<Item> items = new ArrayList<>(servers.source.owner().items(servers.recorded.id()));
        Map<String, Object> refused = new HashMap<>(note("refused"));
        // A type of field that nobody knows is nothing to us, but the server does not take it.
        refused.put("secureNote", null);
        items.add(5, Item.of(refused));
        Map<String, Object> foreign = new HashMap<>(note("foreign"));
        foreign.put("notes", target.key().encryptText("of another organization").text());
        items.add(9, Item.of(foreign));
        ImportItems command = command(
                MigrationOptions.ALL,
                servers.snapshot(migration, servers.source.owner().collections(servers.recorded.id()), items));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(21, 0, 2));
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .filteredOn(outcome -> outcome.outcome() == Outcome.QUARANTINED)
                .extracting(ObjectOutcome::sourceId, ObjectOutcome::reason)
                .containsExactlyInAnyOrder(
                        tuple("refused", Optional.of(ReasonCode.NOT_FOUND_AFTER_IMPORT)),
                        tuple("foreign", Optional.of(ReasonCode.UNREADABLE_AT_SOURCE)));
        assertThat(owner.items(target.id())).hasSize(21);
    }

    @Test
    void anItemThatIsLargerThanARequestIsQuarantinedWithoutBeingSent() throws Exception {
        // Given
        Map<String, Object> huge = new HashMap<>(note("huge"));
        String half = servers.recorded.key().encryptText("x".repeat(8_000_000)).text();
        huge.put("fields", List.of(Map.of("type", 0, "value", half), Map.of("type", 0, "value", half)));
        ImportItems command = command(
                MigrationOptions.ALL,
                servers.snapshot(migration, List.of(), List.of(Item.of(huge), Item.of(note("small")))));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(1, 0, 1));
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .filteredOn(outcome -> outcome.sourceId().equals("huge"))
                .extracting(ObjectOutcome::reason)
                .containsExactly(Optional.of(ReasonCode.FIELD_TOO_LONG));
        assertThat(servers.target.sandbox().journal(0)).noneMatch(call -> call.status() == 413);
    }

    @Test
    void manyItemsTakeAFewCallsAndEachArrivesOnce() throws Exception {
        // Given
        List<Item> items = IntStream.range(0, 2_500)
                .mapToObj(number -> Item.of(note("note-" + number)))
                .toList();
        ImportItems command = command(MigrationOptions.ALL, servers.snapshot(migration, List.of(), items));
        servers.target.sandbox().addFault(new Fault(IMPORT, 2, 1, new Fault.DropAfterEffect()));

        // When
        ItemsImported reply = Turn.toTheEnd(handler, command, ItemsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(2_500, 0, 0));
        Set<String> names = new HashSet<>();
        owner.forEachItem(target.id(), item -> names.add(target.key().decryptText(item.name())));
        assertThat(names).hasSize(2_500);
        assertThat(targetIds(reply).values()).hasSize(2_500).doesNotHaveDuplicates();
        assertThat(servers.target.successes(IMPORT)).isEqualTo(3);
    }

    @Test
    void undoingTakesBackWhatWasMadeAndKeepsWhatSomebodyEdited() throws Exception {
        // Given
        owner.importItems(target.id(), List.of(Note.named("Was there before", target)), List.of(), Map.of());
        ItemId before = owner.items(target.id()).getFirst().id();
        ImportItems command = command();
        Turn.toTheEnd(handler, command, ItemsImported.class);
        List<Item> arrived = owner.items(target.id()).stream()
                .filter(item -> !item.id().equals(before)
                        && item.key().isEmpty()
                        && item.deletedAt().isEmpty())
                .toList();
        Item renamed = arrived.get(0);
        edit(renamed, "name", "Renamed");
        Item noted = arrived.get(1);
        edit(noted, "notes", "The name is as it was");
        Item withFile = arrived.get(2);
        EncString fileKey = target.key().wrap(SymmetricKey.make());
        owner.createAttachment(withFile.id(), fileKey, target.key().encryptText("added.txt"), 32);
        Item collected = arrived.get(3);
        CollectionId others = owner.createCollection(
                target.id(), target.key().encryptText("Of somebody else"), Optional.empty(), List.of(), List.of());
        owner.setItemCollections(collected.id(), List.of(others));
        ItemId gone = arrived.get(4).id();
        owner.deleteItems(target.id(), List.of(gone));

        // When
        StepUndone undone = Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.IMPORT_ITEMS, 1), StepUndone.class);

        // Then
        assertThat(undone).isEqualTo(new StepUndone(migration.id(), Step.IMPORT_ITEMS, 1, 16, 4));
        assertThat(owner.items(target.id()))
                .extracting(Item::id)
                .containsExactlyInAnyOrder(before, renamed.id(), noted.id(), withFile.id(), collected.id());
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#lostAnswers")
    void undoingTakesBackEverythingWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        ImportItems command = command();
        Turn.toTheEnd(handler, command, ItemsImported.class);
        servers.target.sandbox().addFault(Fault.once(DELETE, mode));

        // When
        Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.IMPORT_ITEMS, 1), StepUndone.class);

        // Then
        assertFaultsHit(1);
        assertThat(owner.items(target.id())).isEmpty();
    }

    @Test
    void undoingAfterALostAnswerFindsWhatArrived() throws Exception {
        // Given
        ImportItems command = command();
        servers.target.sandbox().addFault(Fault.once(IMPORT, new Fault.DropAfterEffect()));
        int point = 1;
        while (owner.items(target.id()).isEmpty()) {
            assertThat(Turn.diesAt(point++, handler, command)).isTrue();
        }
        int arrived = owner.items(target.id()).size();

        // When
        StepUndone undone = Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.IMPORT_ITEMS, 1), StepUndone.class);

        // Then
        assertThat(undone).isEqualTo(new StepUndone(migration.id(), Step.IMPORT_ITEMS, 1, arrived, 0));
        assertThat(owner.items(target.id())).isEmpty();
    }

    private void edit(Item item, String member, String text) {
        Map<String, Object> body = new HashMap<>(Item.requestBody(item.json(), target.id()));
        body.put(member, target.key().encryptText(text).text());
        servers.target.send(RecordedAccount.OWNER, "PUT", "/api/ciphers/" + item.id(), body);
    }

    private Map<String, Object> note(String id) {
        SymmetricKey key = servers.recorded.key();
        Map<String, Object> json = new HashMap<>();
        json.put("id", id);
        json.put("type", 2);
        json.put("name", key.encryptText("Note " + id).text());
        json.put("notes", null);
        json.put("secureNote", Map.of("type", 0));
        json.put("revisionDate", "2026-11-23T22:21:14.178228Z");
        return json;
    }

    /** Imports the collections, and says what to import of the recorded organization. */
    private ImportItems command() throws Exception {
        return command(MigrationOptions.ALL, servers.snapshot(migration));
    }

    private ImportItems command(MigrationOptions options, ClaimCheck snapshot) throws Exception {
        CollectionsImported collections = Turn.toTheEnd(
                importCollections, new ImportCollections(migration.id(), 1, snapshot), CollectionsImported.class);
        return new ImportItems(migration.id(), 1, options, snapshot, collections.outcomes());
    }

    private void assertFaultsHit(long times) {
        assertThat(servers.target.sandbox().journal(0).stream()
                        .filter(call -> call.fault().isPresent())
                        .count())
                .isEqualTo(times);
    }

    private Map<String, String> targetIds(ItemsImported reply) {
        return targetIds(reply.outcomes(), ObjectKind.ITEM);
    }

    private Map<String, String> targetIds(ClaimCheck outcomes, ObjectKind kind) {
        Map<String, String> ids = new HashMap<>();
        servers.outcomes(migration, outcomes).stream()
                .filter(outcome -> outcome.kind() == kind)
                .forEach(outcome -> outcome.targetId().ifPresent(id -> ids.put(outcome.sourceId(), id)));
        return ids;
    }

    private static Map<String, Item> byId(List<Item> items) {
        Map<String, Item> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.id().value(), item));
        return byId;
    }

    private List<ManifestFile> manifest(ClaimCheck check) {
        List<ManifestFile> files = new ArrayList<>();
        try (AttachmentManifest.Files lines =
                AttachmentManifest.open(store, migration.stagingKey(), migration.id(), check)) {
            lines.forEachRemaining(files::add);
        }
        return files;
    }

    /** Each item of the source is in the target once, with the same contents, collections and trash state, and nothing else is. */
    private void assertArrivedOnce(ImportItems command, ItemsImported reply) {
        Map<String, String> targetIds = targetIds(reply);
        Map<String, String> collections = targetIds(command.collections(), ObjectKind.COLLECTION);
        Map<String, Item> there = byId(owner.items(target.id()));
        List<Item> source = servers.source.owner().items(servers.recorded.id());
        assertThat(there.keySet()).containsExactlyInAnyOrderElementsOf(targetIds.values());
        assertThat(targetIds).hasSize(source.size());
        for (Item item : source) {
            Item arrived = there.get(targetIds.get(item.id().value()));
            assertThat(hash(arrived, target.key())).isEqualTo(hash(item, servers.recorded.key()));
            assertThat(arrived.collectionIds())
                    .extracting(CollectionId::value)
                    .containsExactlyInAnyOrderElementsOf(item.collectionIds().stream()
                            .map(id -> collections.get(id.value()))
                            .toList());
            assertThat(arrived.deletedAt().isPresent())
                    .isEqualTo(item.deletedAt().isPresent());
            assertThat(arrived.key().isPresent()).isEqualTo(item.key().isPresent());
            assertThat(arrived.attachments()).extracting(Attachment::id).isEmpty();
        }
    }

    private String hash(Item item, SymmetricKey key) {
        return Base64.getEncoder()
                .encodeToString(ItemCrypto.comparisonHash(ItemCrypto.decrypt(item.json(), key), hashKey));
    }
}
