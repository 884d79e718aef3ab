package io.vaultferry.importing.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Relationship;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ImportCollections;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.Tally;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ImportProfile.class)
class ImportCollectionsIT {

    private static final String CREATE = "POST /api/organizations/{id}/collections";

    @Inject
    ImportCollectionsHandler handler;

    @Inject
    UndoImportHandler undo;

    @Inject
    Servers servers;

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everyCollectionArrivesOnceWithItsNameAndExternalId() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);

        // When
        CollectionsImported reply = Turn.toTheEnd(handler, command(migration), CollectionsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(9, 0, 0));
        assertArrivedOnce(target, migration, reply);
    }

    @Test
    void nothingIsSentTwiceWhenTheStepIsRepeated() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        ImportCollections command = command(migration);
        Turn.toTheEnd(handler, command, CollectionsImported.class);

        // When
        CollectionsImported reply = Turn.toTheEnd(handler, command, CollectionsImported.class);

        // Then
        assertArrivedOnce(target, migration, reply);
        assertThat(servers.target.successes(CREATE)).isEqualTo(9);
    }

    @Test
    void personalAndUnreadableCollectionsStayForAStatedReason() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        String foreign = target.key().encryptText("of another organization").text();
        List<Collection> collections = List.of(
                collection(
                        "personal",
                        servers.recorded.key().encryptText("My items").text(),
                        true),
                collection("foreign", foreign, false),
                collection("empty", "", false),
                collection(
                        "unicode",
                        servers.recorded.key().encryptText("Größe/Ключи/鍵 🔑").text(),
                        false));

        // When
        CollectionsImported reply = Turn.toTheEnd(
                handler,
                new ImportCollections(migration.id(), 1, servers.snapshot(migration, collections, List.of())),
                CollectionsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(1, 1, 2));
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .extracting(ObjectOutcome::sourceId, ObjectOutcome::outcome, ObjectOutcome::reason)
                .containsExactlyInAnyOrder(
                        tuple("personal", Outcome.SKIPPED, Optional.of(ReasonCode.UNSUPPORTED_BY_TARGET)),
                        tuple("foreign", Outcome.QUARANTINED, Optional.of(ReasonCode.UNREADABLE_AT_SOURCE)),
                        tuple("empty", Outcome.QUARANTINED, Optional.of(ReasonCode.UNREADABLE_AT_SOURCE)),
                        tuple("unicode", Outcome.MOVED, Optional.empty()));
        assertThat(namesIn(target)).containsExactly("Größe/Ключи/鍵 🔑");
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#ofWrites")
    void everyCollectionArrivesOnceWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        ImportCollections command = command(migration);
        servers.target.sandbox().addFault(new Fault(CREATE, 1, 1, mode));
        servers.target.sandbox().addFault(new Fault(CREATE, 6, 1, mode));

        // When
        CollectionsImported reply = Turn.toTheEnd(handler, command, CollectionsImported.class);

        // Then
        assertThat(servers.target.sandbox().journal(0))
                .anyMatch(call -> call.fault().isPresent());
        assertThat(reply.tally()).isEqualTo(new Tally(9, 0, 0));
        assertArrivedOnce(target, migration, reply);
    }

    @Test
    void everyCollectionArrivesOnceWhereverAWorkerDies() throws Exception {
        for (int point = 1; ; point += 7) {
            // Given
            TestOrganization target = servers.target.createOrganization();
            TestMigration migration = servers.migrationInto(target);
            ImportCollections command = command(migration);

            // When
            servers.target.sandbox().addFault(new Fault(CREATE, 1 + point % 8, 1, new Fault.DropAfterEffect()));
            boolean died = Turn.diesAt(point, handler, command);
            CollectionsImported reply = Turn.toTheEnd(handler, command, CollectionsImported.class);

            // Then
            assertThat(reply.tally()).as("point %d", point).isEqualTo(new Tally(9, 0, 0));
            assertArrivedOnce(target, migration, reply);
            servers.target.sandbox().clearFaults();
            if (!died) {
                assertThat(point).isGreaterThan(20);
                return;
            }
        }
    }

    @Test
    void aCollectionThatTheTargetRefusesIsQuarantinedAndTheOthersArrive() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        servers.target.sandbox().addFault(new Fault(CREATE, 3, 1, new Fault.Refuse(400, Duration.ZERO)));

        // When
        CollectionsImported reply = Turn.toTheEnd(handler, command(migration), CollectionsImported.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(8, 0, 1));
        assertThat(namesIn(target)).hasSize(8);
    }

    @Test
    void undoingTakesBackWhatWasMadeAndKeepsWhatIsNotOurs() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        CollectionId before = servers.target
                .owner()
                .createCollection(
                        target.id(),
                        target.key().encryptText("Was there before"),
                        Optional.empty(),
                        List.of(),
                        List.of());
        TestMigration migration = servers.migrationInto(target);
        CollectionsImported reply = Turn.toTheEnd(handler, command(migration), CollectionsImported.class);
        List<Collection> arrived = servers.target.owner().collections(target.id()).stream()
                .filter(collection -> !collection.id().equals(before))
                .toList();
        CollectionId renamed = arrived.get(0).id();
        servers.target
                .owner()
                .updateCollection(
                        target.id(),
                        renamed,
                        target.key().encryptText("Renamed"),
                        Optional.empty(),
                        List.of(),
                        List.of());
        CollectionId inUse = arrived.get(1).id();
        servers.target
                .owner()
                .importItems(
                        target.id(),
                        List.of(Note.named("Somebody's", target)),
                        List.of(new Relationship(0, inUse)),
                        Map.of(inUse, arrived.get(1).name()));
        servers.target.owner().deleteCollection(target.id(), arrived.get(2).id());

        // When
        StepUndone undone =
                Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.IMPORT_COLLECTIONS, 1), StepUndone.class);

        // Then
        assertThat(reply.tally().moved()).isEqualTo(9);
        assertThat(undone).isEqualTo(new StepUndone(migration.id(), Step.IMPORT_COLLECTIONS, 1, 6, 2));
        assertThat(servers.target.owner().collections(target.id()))
                .extracting(Collection::id)
                .containsExactlyInAnyOrder(before, renamed, inUse);
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#lostAnswers")
    void undoingComesToItsEndWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        Turn.toTheEnd(handler, command(migration), CollectionsImported.class);
        UndoStep command = new UndoStep(migration.id(), Step.IMPORT_COLLECTIONS, 1);
        servers.target
                .sandbox()
                .addFault(new Fault("DELETE /api/organizations/{id}/collections/{collection}", 4, 1, mode));

        // When
        Turn.toTheEnd(undo, command, StepUndone.class);

        // Then
        assertThat(servers.target.owner().collections(target.id())).isEmpty();
    }

    @Test
    void undoingAStepThatDidNothingIsSafe() throws Exception {
        // Given
        TestMigration migration = servers.migrationInto(servers.target.createOrganization());

        // When
        StepUndone undone =
                Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.IMPORT_COLLECTIONS, 1), StepUndone.class);

        // Then
        assertThat(undone.removed()).isZero();
        assertThat(undone.kept()).isZero();
    }

    private ImportCollections command(TestMigration migration) {
        return new ImportCollections(migration.id(), 1, servers.snapshot(migration));
    }

    private static Collection collection(String id, String name, boolean personal) {
        return new Collection(new CollectionId(id), name, Optional.empty(), personal, List.of(), List.of());
    }

    private List<String> namesIn(TestOrganization target) {
        return servers.target.owner().collections(target.id()).stream()
                .map(collection -> target.key().decryptText(collection.name()))
                .toList();
    }

    /** What the source has is in the target, each once, and the outcomes say which became which. */
    private void assertArrivedOnce(TestOrganization target, TestMigration migration, CollectionsImported reply) {
        Map<String, Collection> there = new HashMap<>();
        servers.target.owner().collections(target.id()).forEach(c -> there.put(c.id().value(), c));
        Map<String, String> targetIds = new HashMap<>();
        servers.outcomes(migration, reply.outcomes())
                .forEach(outcome ->
                        targetIds.put(outcome.sourceId(), outcome.targetId().orElseThrow()));
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (Collection collection : servers.source.owner().collections(servers.recorded.id())) {
            Collection arrived = there.get(targetIds.get(collection.id().value()));
            expected.add(servers.recorded.key().decryptText(collection.name()) + collection.externalId());
            actual.add(target.key().decryptText(arrived.name()) + arrived.externalId());
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(there).hasSize(expected.size());
        assertThat(targetIds.values()).doesNotHaveDuplicates();
    }
}
