package io.vaultferry.attachment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.TransferProfile;
import io.vaultferry.attachment.TwoOrganizations;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.TransferAttachments;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.Tally;
import io.vaultferry.contracts.Topics;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.MessageHeaders;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.AttachmentManifest;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.TestTopics;
import io.vaultferry.testsupport.migration.RecordedFile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole step: a command arrives over Kafka, units go over Kafka, files move between two servers, and the answer comes back. */
@QuarkusTest
@TestProfile(TransferProfile.class)
class TransferStepIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CREATE = "POST /api/ciphers/{item}/attachment/v2";
    private static final String UPLOAD = "POST /api/ciphers/{item}/attachment/{attachment}";

    @Inject
    ClaimCheckStore store;

    @Inject
    TransferRepository transfers;

    @Inject
    ManifestFileSeal seal;

    @Inject
    Grants grants;

    @Inject
    Database database;

    private final MessageCodec codec = new MessageCodec();
    private TwoOrganizations servers;
    private MigrationId migration;
    private TestTopics topics;

    @BeforeEach
    void open() {
        servers = TwoOrganizations.open();
        migration = servers.newMigration();
        topics = TestTopics.open();
    }

    @AfterEach
    void close() {
        topics.close();
        servers.close();
        store.discard(migration);
    }

    @Test
    void everyFileIsMovedOnceAndAccountedFor() {
        // When
        send(command(1));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(14, 0, 0));
        assertThat(reply.bytes()).isEqualTo(177_550);
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
        assertThat(outcomes(reply.outcomes()))
                .hasSize(14)
                .allSatisfy(outcome -> assertThat(outcome.targetId()).isPresent())
                .extracting(ObjectOutcome::kind)
                .containsOnly(ObjectKind.ATTACHMENT);
        assertThat(servers.target().sandbox().counters()).containsEntry(CREATE + " 200", 14L);
        assertThat(servers.target().sandbox().counters()).containsEntry(UPLOAD + " 200", 14L);
    }

    @Test
    void commandsAndUnitsThatComeAgainMoveNothingTwice() {
        // Given
        UUID messageId = UUID.randomUUID();
        TransferAttachments command = command(1);
        send(command, messageId);
        AttachmentsTransferred first = awaitReply(AttachmentsTransferred.class);

        // When
        send(command, messageId);
        send(command);
        topics.read(Topics.ATTACHMENT_WORK, message -> message.value().contains(migration.toString()))
                .forEach(unit -> topics.send(
                        Topics.ATTACHMENT_WORK,
                        unit.key(),
                        unit.value(),
                        Map.of(
                                MessageHeaders.MESSAGE_ID,
                                UUID.randomUUID().toString(),
                                MessageHeaders.MESSAGE_TYPE,
                                "transfer-unit.v1")));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(replies(AttachmentsTransferred.class)).hasSizeGreaterThanOrEqualTo(2));

        // Then
        assertThat(replies(AttachmentsTransferred.class)).containsOnly(first);
        assertThat(servers.target().sandbox().counters()).containsEntry(CREATE + " 200", 14L);
        assertThat(servers.target().sandbox().counters()).containsEntry(UPLOAD + " 200", 14L);
    }

    @Test
    void whatCannotBeMovedDoesNotHoldUpTheRest() throws Exception {
        // Given
        ManifestFile damaged = servers.file("big.bin");
        byte[] bytes = Files.readAllBytes(servers.source().bytesOf(damaged.sourceItem(), damaged.sourceAttachment()));
        bytes[1000] ^= 1;
        Files.write(servers.source().bytesOf(damaged.sourceItem(), damaged.sourceAttachment()), bytes);
        ManifestFile missing = servers.file("report.pdf");
        Files.delete(servers.source().bytesOf(missing.sourceItem(), missing.sourceAttachment()));

        // When
        send(command(1));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(12, 0, 2));
        assertThat(outcomes(reply.outcomes()))
                .filteredOn(outcome -> outcome.outcome() != Outcome.MOVED)
                .containsExactlyInAnyOrder(
                        ObjectOutcome.quarantined(
                                ObjectKind.ATTACHMENT,
                                damaged.sourceAttachment().value(),
                                ReasonCode.FILE_DAMAGED_AT_SOURCE),
                        ObjectOutcome.quarantined(
                                ObjectKind.ATTACHMENT,
                                missing.sourceAttachment().value(),
                                ReasonCode.FILE_MISSING_AT_SOURCE));
        assertThat(servers.filesAtTarget()).hasSize(12).allMatch(file -> file.size() >= 0);
    }

    @Test
    void callsThatFailAreTriedAgainUntilEverythingIsThere() {
        // Given
        servers.target().sandbox().addFault(new Fault(CREATE, 2, 2, new Fault.DropAfterEffect()));
        servers.target().sandbox().addFault(new Fault(UPLOAD, 3, 2, new Fault.AnswerAfterEffect(500)));
        servers.target().sandbox().addFault(new Fault(UPLOAD, 6, 1, new Fault.Refuse(429, Duration.ofSeconds(1))));

        // When
        send(command(1));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(14, 0, 0));
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
    }

    @Test
    void refusalsForTooManyRequestsAreNobodysFailure() {
        // Given: few files, since a server that refuses two of its first calls is asked slowly
        servers.target().sandbox().addFault(new Fault(UPLOAD, 2, 1, new Fault.Refuse(429, Duration.ofSeconds(1))));
        servers.target().sandbox().addFault(new Fault(CREATE, 3, 1, new Fault.Refuse(429, Duration.ZERO)));
        List<ManifestFile> files = servers.manifest().subList(0, 4);

        // When
        send(new TransferAttachments(migration, 1, manifest(files)));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(4, 0, 0));
        assertThat(servers.filesAtTarget()).hasSize(4).isSubsetOf(RecordedFile.all());
        assertThat(servers.target().sandbox().counters())
                .containsEntry(UPLOAD + " 429", 1L)
                .containsEntry(CREATE + " 429", 1L);
        assertThat(database.query(
                        row -> row.getInt("epoch") + " " + row.getInt("tries"),
                        "select epoch, tries from transfer_unit where migration_id = ?",
                        migration.value()))
                .as("the unit was never given back")
                .containsExactly("1 0");
    }

    @Test
    void filesThatFailDoNotHoldUpTheOthersOfTheirUnit() {
        // Given
        for (int call = 1; call <= 9; call += 2) {
            servers.target().sandbox().addFault(new Fault(UPLOAD, call, 1, new Fault.AnswerAfterEffect(500)));
        }

        // When
        send(command(1));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(14, 0, 0));
        assertThat(database.queryOne(
                        row -> row.getInt(1),
                        "select epoch from transfer_unit where migration_id = ?",
                        migration.value()))
                .as("one run for all of them, and one for those that failed in it")
                .contains(2);
    }

    @Test
    void aUnitWhoseWorkerVanishedIsTakenOver() {
        // Given: units of an earlier attempt, one of them in the hands of somebody who is never heard of again.
        UUID unit = UUID.randomUUID();
        List<ManifestFile> files = servers.manifest();
        transfers.activate(migration, 1);
        transfers.insertUnit(migration, unit, files.size(), 1000);
        try (MigrationSession target = grants.open(migration, Side.TARGET)) {
            for (int position = 0; position < files.size(); position++) {
                transfers.insertFile(
                        migration,
                        unit,
                        position,
                        seal.seal(files.get(position), target),
                        files.get(position).size());
            }
        }
        assertThat(transfers.claim(unit, Duration.ofSeconds(2))).isPresent();
        send(command(2));
        topics.send(
                Topics.ATTACHMENT_WORK,
                unit.toString(),
                new String(codec.encode(new TransferUnit(migration, unit, 14, 1000)), StandardCharsets.UTF_8),
                headersOf(new TransferUnit(migration, unit, 14, 1000), UUID.randomUUID()));

        // When
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(14, 0, 0));
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
    }

    @Test
    void aHaltedStepStopsItsWorkersAndGoesOnLater() {
        // Given
        servers.target().sandbox().addFault(new Fault(UPLOAD, 4, 1_000, new Fault.Delay(Duration.ofMillis(400))));
        TransferAttachments command = command(1);
        send(command);
        await().atMost(PATIENCE)
                .until(() -> servers.target().sandbox().counters().getOrDefault(UPLOAD + " 200", 0L) >= 3);

        // When
        send(new HaltStep(migration, Step.TRANSFER_ATTACHMENTS, 1));
        awaitReply(StepHalted.class);
        servers.target().sandbox().clearFaults();
        send(new TransferAttachments(migration, 2, command.manifest()));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.attempt()).isEqualTo(2);
        assertThat(reply.tally()).isEqualTo(new Tally(14, 0, 0));
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
    }

    @Test
    void aHaltReachesTheWorkersThoughTheirCoordinatorIsGone() {
        // Given: units in work, and a command whose process has died
        TransferAttachments command = command(1);
        transfers.activate(migration, 1);
        database.update(
                "insert into step_job (migration_id, step, undo, attempt, state, command, command_id, next_run_at)"
                        + " values (?, 'TRANSFER_ATTACHMENTS', false, 1, 'READY', ?, ?, clock_timestamp() + interval '1 hour')",
                migration.value(),
                new String(codec.encode(command), StandardCharsets.UTF_8),
                UUID.randomUUID());

        // When
        send(new HaltStep(migration, Step.TRANSFER_ATTACHMENTS, 1));
        awaitReply(StepHalted.class);

        // Then
        assertThat(isActive()).contains(false);
    }

    @Test
    void aManifestWithoutFilesIsDoneAtOnce() {
        // When
        send(new TransferAttachments(migration, 1, manifest(List.of())));
        AttachmentsTransferred reply = awaitReply(AttachmentsTransferred.class);

        // Then
        assertThat(reply.tally()).isEqualTo(Tally.NONE);
    }

    @Test
    void takingBackStopsTheWorkers() {
        // Given
        send(command(1));
        awaitReply(AttachmentsTransferred.class);

        // When
        send(new UndoStep(migration, Step.TRANSFER_ATTACHMENTS, 1));
        awaitReply(StepUndone.class);

        // Then
        assertThat(isActive()).contains(false);
    }

    private Optional<Boolean> isActive() {
        return database.queryOne(
                row -> row.getBoolean(1), "select active from transfer where migration_id = ?", migration.value());
    }

    private TransferAttachments command(int attempt) {
        return new TransferAttachments(migration, attempt, manifest(servers.manifest()));
    }

    private ClaimCheck manifest(List<ManifestFile> files) {
        try (StagingKey key = servers.stagingKey()) {
            return AttachmentManifest.write(store, key, migration, sink -> {
                for (ManifestFile file : files) {
                    sink.add(file);
                }
            });
        }
    }

    private List<ObjectOutcome> outcomes(ClaimCheck document) {
        List<ObjectOutcome> outcomes = new ArrayList<>();
        try (StagingKey key = servers.stagingKey();
                OutcomeReader lines = OutcomeReader.open(store, key, migration, document)) {
            lines.forEachRemaining(outcomes::add);
        }
        return outcomes;
    }

    private void send(Message message) {
        send(message, UUID.randomUUID());
    }

    private void send(Message message, UUID messageId) {
        topics.send(
                Topics.ATTACHMENT_COMMANDS,
                migration.toString(),
                new String(codec.encode(message), StandardCharsets.UTF_8),
                headersOf(message, messageId));
    }

    private static Map<String, String> headersOf(Message message, UUID messageId) {
        return Map.of(
                MessageHeaders.MESSAGE_ID,
                messageId.toString(),
                MessageHeaders.MESSAGE_TYPE,
                MessageCodec.typeIdOf(message.getClass()));
    }

    private <R extends StepReply> R awaitReply(Class<R> type) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> replies(type).stream().findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private <R extends StepReply> List<R> replies(Class<R> type) {
        return topics.read(Topics.MIGRATION_EVENTS, migration.toString()).stream()
                .map(sent -> codec.decode(sent.value().getBytes(StandardCharsets.UTF_8)))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
