package io.vaultferry.attachment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.HelpingProfile;
import io.vaultferry.attachment.TwoOrganizations;
import io.vaultferry.attachment.pace.SharedPaces;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Topics;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.MessageHeaders;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.testsupport.TestTopics;
import io.vaultferry.testsupport.migration.RecordedFile;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How units are shared between places and between instances. */
@QuarkusTest
@TestProfile(HelpingProfile.class)
class SharedWorkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LARGE = 100L << 20;

    /** More than there are threads for announced units, let alone places. */
    private static final int MANY = 40;

    @Inject
    TransferRepository transfers;

    @Inject
    ManifestFileSeal seal;

    @Inject
    Grants grants;

    @Inject
    Database database;

    @Inject
    WriteJournals journals;

    @Inject
    @Any
    Instance<FailureClassifier> classifiers;

    @Inject
    SharedPaces paces;

    @Inject
    TransferSettings settings;

    @Inject
    MeterRegistry meters;

    private final MessageCodec codec = new MessageCodec();
    private TwoOrganizations servers;
    private StalledServer stalled;
    private TestTopics topics;
    private MigrationId large;
    private MigrationId small;

    @BeforeEach
    void open() throws Exception {
        servers = TwoOrganizations.open();
        stalled = new StalledServer();
        topics = TestTopics.open();
        large = servers.newMigration();
        small = servers.newMigration();
        servers.replaceSource(large, stalled.url());
        // Whoever is idle here would pick up what other tests have left lying about.
        database.update("update transfer set active = false");
        transfers.activate(large, 1);
        transfers.activate(small, 1);
    }

    @AfterEach
    void close() {
        transfers.deactivateAll(large);
        transfers.deactivateAll(small);
        stalled.close();
        topics.close();
        servers.close();
    }

    @Test
    void smallFilesAreDoneWhileManyLargeOnesBeforeThemInTheirPartitionAreStuck() {
        // Given
        List<TransferUnit> stuck = new ArrayList<>();
        for (int number = 0; number < MANY; number++) {
            stuck.add(insertLarge(number));
        }
        stuck.forEach(this::announceInOnePartition);
        await().atMost(PATIENCE).until(() -> stalled.stalled() > 0);

        // When
        insertSmall().forEach(this::announceInOnePartition);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(transfers.state(small).openUnits()).isZero());
        assertThat(transfers.state(large).openUnits()).isEqualTo(MANY);
        assertThat(stalled.stalled()).as("large files leave a place for others").isEqualTo(1);
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
    }

    @Test
    void whoIsIdleTakesUnitsThatWereAnnouncedToOthers() {
        // When: nothing of them is in a partition that this instance reads.
        insertSmall();
        database.update(
                "update transfer_unit set published_at = clock_timestamp() where migration_id = ?", small.value());

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(transfers.state(small).openUnits()).isZero());
        assertThat(servers.filesAtTarget()).containsExactlyInAnyOrderElementsOf(RecordedFile.all());
    }

    @Test
    void whoShutsDownGivesBackALargeFileAtOnceAndDoesNotCountItAsDone() {
        // Given
        UnitTransfers other =
                new UnitTransfers(transfers, seal, grants, journals, classifiers, paces, settings, meters);
        TransferUnit unit = insertLarge(0);
        CompletableFuture<Void> working = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                other.work(unit);
                working.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                working.completeExceptionally(e);
            }
        });
        await().atMost(PATIENCE).until(() -> stalled.stalled() > 0);

        // When
        other.stop(new ShutdownEvent());

        // Then
        assertThatThrownBy(working::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(transfers.claim(unit.unitId(), Duration.ofSeconds(30)))
                .as("somebody else begins")
                .isPresent();
        assertThat(transfers.state(large).mostTries()).isZero();
    }

    private TransferUnit insertLarge(int number) {
        ManifestFile any = servers.manifest().getFirst();
        ManifestFile file = new ManifestFile(
                any.sourceItem(),
                new AttachmentId("large-" + number),
                any.targetItem(),
                LARGE,
                any.sourceItemKey(),
                any.attachmentKeyText(),
                any.fileNameText(),
                any.targetItemKey());
        return insert(large, LARGE, List.of(file));
    }

    /** The recorded files, two in each unit. */
    private List<TransferUnit> insertSmall() {
        List<TransferUnit> units = new ArrayList<>();
        List<ManifestFile> files = servers.manifest();
        for (int i = 0; i < files.size(); i += 2) {
            units.add(insert(small, 1000, files.subList(i, Math.min(files.size(), i + 2))));
        }
        return units;
    }

    private TransferUnit insert(MigrationId migration, long bytes, List<ManifestFile> files) {
        UUID unit = UUID.randomUUID();
        try (MigrationSession target = grants.open(migration, Side.TARGET)) {
            database.inTransaction(() -> {
                transfers.insertUnit(migration, unit, files.size(), bytes);
                for (int position = 0; position < files.size(); position++) {
                    ManifestFile file = files.get(position);
                    transfers.insertFile(migration, unit, position, seal.seal(file, target), file.size());
                }
            });
        }
        return new TransferUnit(migration, unit, files.size(), bytes);
    }

    private void announceInOnePartition(TransferUnit unit) {
        database.update("update transfer_unit set published_at = clock_timestamp() where unit_id = ?", unit.unitId());
        topics.send(
                Topics.ATTACHMENT_WORK,
                large.toString(),
                new String(codec.encode(unit), StandardCharsets.UTF_8),
                Map.of(
                        MessageHeaders.MESSAGE_ID,
                        UUID.randomUUID().toString(),
                        MessageHeaders.MESSAGE_TYPE,
                        MessageCodec.typeIdOf(TransferUnit.class)));
    }
}
