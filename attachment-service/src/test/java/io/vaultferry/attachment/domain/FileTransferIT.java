package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.TransferProfile;
import io.vaultferry.attachment.TwoOrganizations;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Fault.Mode;
import io.vaultferry.testsupport.migration.RecordedFile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file at a time between two servers, over the real journal. */
@QuarkusTest
@TestProfile(TransferProfile.class)
class FileTransferIT {

    static final String CREATE = "POST /api/ciphers/{item}/attachment/v2";
    static final String UPLOAD = "POST /api/ciphers/{item}/attachment/{attachment}";
    static final String LINK = "GET /api/ciphers/{item}/attachment/{attachment}";
    static final String DOWNLOAD = "GET /attachments/{item}/{attachment}";

    private static final long MEBIBYTE = 1024 * 1024;
    private static final String OWN_KEY = "big.bin";
    private static final String NO_OWN_KEY = "first generation.txt";

    @Inject
    Grants grants;

    @Inject
    WriteJournals journals;

    @TempDir
    Path spool;

    private SpoolSpace spools;
    private TwoOrganizations servers;
    private MigrationId migration;
    private Lease lease;

    @BeforeEach
    void open() {
        spools = new SpoolSpace(spool, Long.MAX_VALUE);
        servers = TwoOrganizations.open();
        migration = servers.newMigration();
        lease = new Lease(migration);
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everyRecordedFileArrivesByteForByte() throws IOException {
        // When
        for (ManifestFile file : servers.manifest()) {
            assertThat(move(file).outcome()).isEqualTo(Outcome.MOVED);
        }

        // Then
        assertThat(servers.filesAtTarget())
                .hasSize(14)
                .containsExactlyInAnyOrderElementsOf(RecordedFile.all())
                .anySatisfy(file -> assertThat(file.size()).isZero());
        assertThat(spool).isEmptyDirectory();
    }

    @Test
    void encryptedBytesOfAFileWithItsOwnKeyArriveAsTheyAre() throws IOException {
        // Given
        ManifestFile file = servers.file(OWN_KEY);

        // When
        FileOutcome outcome = move(file);

        // Then
        assertThat(bytesAtTarget(file, outcome))
                .isEqualTo(Files.readAllBytes(servers.source().bytesOf(file.sourceItem(), file.sourceAttachment())));
    }

    @Test
    void aFileWithoutAKeyOfItsOwnGetsOne() throws IOException {
        // Given
        ManifestFile file = servers.file(NO_OWN_KEY);

        // When
        FileOutcome outcome = move(file);

        // Then
        assertThat(bytesAtTarget(file, outcome))
                .isNotEqualTo(Files.readAllBytes(servers.source().bytesOf(file.sourceItem(), file.sourceAttachment())));
        assertThat(servers.target().session().item(file.targetItem()).attachments())
                .singleElement()
                .satisfies(record -> assertThat(record.key()).isPresent());
        assertThatOnlyThisFileArrived(NO_OWN_KEY);
    }

    private byte[] bytesAtTarget(ManifestFile file, FileOutcome outcome) throws IOException {
        return Files.readAllBytes(servers.target()
                .bytesOf(
                        file.targetItem(),
                        new AttachmentId(outcome.targetAttachment().orElseThrow())));
    }

    @Test
    void aFileThatIsMovedAgainIsNotSentAgain() throws IOException {
        // Given
        ManifestFile file = servers.file(OWN_KEY);
        FileOutcome first = move(file);

        // When
        FileOutcome second = move(file);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(servers.target().sandbox().counters()).containsEntry(CREATE + " 200", 1L);
        assertThat(servers.target().sandbox().counters()).containsEntry(UPLOAD + " 200", 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {OWN_KEY, NO_OWN_KEY})
    void aFileCostsEachServerNoMoreRequestsThanItsBytesNeed(String name) throws IOException {
        // Given
        ManifestFile file = servers.file(name);
        Map<String, Long> before = requestsAtSource();

        // When
        move(file);

        // Then
        assertThat(requestsAtSource())
                .containsEntry(LINK + " 200", before.getOrDefault(LINK + " 200", 0L) + 1)
                .containsEntry(DOWNLOAD + " 200", before.getOrDefault(DOWNLOAD + " 200", 0L) + 1);
        assertThat(servers.target().sandbox().counters())
                .containsEntry(CREATE + " 200", 1L)
                .containsEntry(UPLOAD + " 200", 1L)
                .as("read back once")
                .containsEntry(LINK + " 200", 1L)
                .containsEntry(DOWNLOAD + " 200", 1L);
    }

    private Map<String, Long> requestsAtSource() {
        return Map.copyOf(servers.source().sandbox().counters());
    }

    @Test
    void aTokenThatIsRejectedInTheMiddleIsRenewedAndTheFileSentAgain() throws IOException {
        // Given
        ManifestFile file = servers.file(OWN_KEY);
        servers.target().sandbox().addFault(Fault.once(UPLOAD, new Fault.Refuse(401, Duration.ZERO)));
        AtomicBoolean renewed = new AtomicBoolean();
        lease.doingAtCheckpoints(() -> {
            if (isUploading() && renewed.compareAndSet(false, true)) {
                servers.giveAnotherTokenForTarget(migration);
            }
        });

        // When
        FileOutcome outcome = move(file);

        // Then
        assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
        assertThat(servers.target().sandbox().counters())
                .containsEntry(UPLOAD + " 401", 1L)
                .containsEntry(UPLOAD + " 200", 1L);
        assertThatOnlyThisFileArrived(OWN_KEY);
    }

    @Test
    void aFileForWhichTheSpoolHasNoRoomIsLeftToALaterRun() throws IOException {
        // Given
        ManifestFile file = servers.file(NO_OWN_KEY);
        spools = new SpoolSpace(spool, 1);
        Throwable thrown = catchThrowable(() -> move(file));

        // When
        spools = new SpoolSpace(spool, Long.MAX_VALUE);
        FileOutcome outcome = move(file);

        // Then
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(FailureCode.STAGING_UNAVAILABLE));
        assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
        assertThatOnlyThisFileArrived(NO_OWN_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {OWN_KEY, NO_OWN_KEY})
    void aLargeFilePassesThroughLittleMemory(String name) throws IOException {
        // Given
        ManifestFile file = servers.file(name);
        servers.fillAtSource(file, 64 * MEBIBYTE);
        long before = reachable();
        AtomicLong checkpoints = new AtomicLong();
        AtomicLong most = new AtomicLong();
        lease.doingAtCheckpoints(() -> {
            if (checkpoints.incrementAndGet() % 200 == 0) {
                most.accumulateAndGet(reachable(), Math::max);
            }
        });

        // When
        FileOutcome outcome = move(file);

        // Then
        assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
        assertThat(most.get()).as("was looked at on the way").isPositive();
        assertThat(most.get() - before).isLessThan(16 * MEBIBYTE);
        lease.doingAtCheckpoints(() -> {});
        assertThat(servers.filesAtTarget())
                .singleElement()
                .satisfies(arrived -> assertThat(arrived.size()).isEqualTo(64 * MEBIBYTE));
        assertThat(servers.filesAtTarget().getFirst().sha256())
                .isEqualTo(servers.filesAtSource().stream()
                        .filter(source -> source.size() == 64 * MEBIBYTE)
                        .findFirst()
                        .orElseThrow()
                        .sha256());
        assertThat(spool).isEmptyDirectory();
    }

    @SuppressWarnings("SystemGC") // What is reachable is the question.
    private static long reachable() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aWorkerThatWasFrozenSendsNothingAfterAnotherHasTakenOver() throws Exception {
        // Given: it stands still in the middle of its upload, and its lease ends meanwhile.
        ManifestFile file = servers.file(OWN_KEY);
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch thawed = new CountDownLatch(1);
        Lease lost = new Lease(migration);
        lost.doingAtCheckpoints(() -> {
            if (isUploading() && frozen.getCount() > 0) {
                frozen.countDown();
                awaitQuietly(thawed);
                lost.end();
            }
        });
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<FileOutcome> first = threads.submit(() -> move(file, lost));
            assertThat(frozen.await(20, TimeUnit.SECONDS)).isTrue();

            // When
            FileOutcome second = move(file, new Lease(migration));
            thawed.countDown();

            // Then
            assertThat(second.outcome()).isEqualTo(Outcome.MOVED);
            assertThatThrownBy(first::get).hasCauseInstanceOf(StepStoppedException.class);
            assertThat(servers.recordsAtTarget(file.sourceItem())).hasSize(1);
            assertThatOnlyThisFileArrived(OWN_KEY);
            assertThat(servers.target().sandbox().counters())
                    .as("one whole upload, of the second worker")
                    .containsEntry(UPLOAD + " 200", 1L);
        }
    }

    /** Bytes are read for an upload on a thread of the HTTP client or below its method. */
    private static boolean isUploading() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith("OutgoingBytes")));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"third generation 2.bin", NO_OWN_KEY})
    void aFileArrivesOnceWhereverAWorkerDies(String name) throws IOException {
        ManifestFile file = servers.file(name);
        boolean died = true;
        for (int checkpoint = 1; died; checkpoint++) {
            // Given
            migration = servers.newMigration();
            died = diesAt(checkpoint, file);

            // When
            FileOutcome outcome = move(file, new Lease(migration));

            // Then
            assertThat(outcome.outcome())
                    .as("dead at checkpoint %d", checkpoint)
                    .isEqualTo(Outcome.MOVED);
            assertThatOnlyThisFileArrived(name);
            servers.target()
                    .session()
                    .deleteAttachment(
                            file.targetItem(),
                            new AttachmentId(outcome.targetAttachment().orElseThrow()));
            assertThat(checkpoint).isLessThan(100);
        }
        assertThat(spool).isEmptyDirectory();
    }

    /** Whether the run came to this checkpoint at all. */
    private boolean diesAt(int checkpoint, ManifestFile file) throws IOException {
        try {
            move(file, new Lease(migration).endingAtCheckpoint(checkpoint));
            return false;
        } catch (StepStoppedException e) {
            return true;
        }
    }

    @Test
    void aSpoolThatCannotBeWrittenIsNotTheServersFault() throws IOException {
        // Given
        Path noDirectory = Files.createFile(spool.resolve("file"));

        // When
        Throwable thrown;
        try (MigrationSession source = grants.open(migration, Side.SOURCE);
                MigrationSession target = grants.open(migration, Side.TARGET)) {
            SpoolSpace spools = new SpoolSpace(noDirectory, Long.MAX_VALUE);
            FileTransfer transfer = new FileTransfer(source, target, journals, spools, lease);
            thrown = catchThrowable(() -> transfer.move(servers.file(NO_OWN_KEY)));
        }

        // Then
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(FailureCode.STAGING_UNAVAILABLE));
    }

    private FileOutcome move(ManifestFile file) throws IOException {
        return move(file, lease);
    }

    private FileOutcome move(ManifestFile file, Lease held) throws IOException {
        try (MigrationSession source = grants.open(migration, Side.SOURCE);
                MigrationSession target = grants.open(migration, Side.TARGET)) {
            return new FileTransfer(source, target, journals, spools, held).move(file);
        }
    }

    /** As the worker does: whatever may pass is tried again. */
    private FileOutcome moveWhateverHappens(ManifestFile file) {
        for (int run = 1; run <= 5; run++) {
            try {
                return move(file);
            } catch (BitwardenException | IOException | UncheckedIOException e) {
                // The next run goes on.
            }
        }
        throw new AssertionError("not moved in five runs");
    }

    private void assertThatOnlyThisFileArrived(String name) {
        RecordedFile recorded = RecordedFile.all().stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(servers.filesAtTarget()).containsExactly(recorded);
    }

    private void spoil(ManifestFile file, long offset) throws IOException {
        Path bytes = servers.source().bytesOf(file.sourceItem(), file.sourceAttachment());
        byte[] spoiled = Files.readAllBytes(bytes);
        spoiled[Math.toIntExact(offset < 0 ? spoiled.length + offset : offset)] ^= 1;
        Files.write(bytes, spoiled);
    }

    @Nested
    class AtTheSource {

        @ParameterizedTest
        @MethodSource("io.vaultferry.attachment.domain.FileTransferIT#generations")
        void aFileWhoseCodeDoesNotFitIsQuarantinedAndLeavesNothing(String name) throws IOException {
            // Given
            ManifestFile file = servers.file(name);
            spoil(file, -1);

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_AT_SOURCE));
            assertThat(servers.filesAtTarget()).isEmpty();
            assertThat(spool).isEmptyDirectory();
        }

        @ParameterizedTest
        @MethodSource("io.vaultferry.attachment.domain.FileTransferIT#generations")
        void aFileThatWasCutShortIsQuarantinedAndLeavesNothing(String name) throws IOException {
            // Given
            ManifestFile file = servers.file(name);
            Path bytes = servers.source().bytesOf(file.sourceItem(), file.sourceAttachment());
            Files.write(bytes, Arrays.copyOf(Files.readAllBytes(bytes), 97));

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_AT_SOURCE));
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @Test
        void aRecordWithoutBytesIsQuarantinedAndMakesNone() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            Files.delete(servers.source().bytesOf(file.sourceItem(), file.sourceAttachment()));

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_MISSING_AT_SOURCE));
            assertThat(servers.target().sandbox().counters()).doesNotContainKey(CREATE + " 200");
        }

        @ParameterizedTest
        @MethodSource("io.vaultferry.attachment.domain.FileTransferIT#generations")
        void aDownloadThatBreaksWhileTheRecordIsMadeIsRepeatedAtOnce(String name) throws IOException {
            // Given
            ManifestFile file = servers.file(name);
            servers.source().sandbox().addFault(Fault.once(DOWNLOAD, new Fault.Truncate(60)));

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
            assertThatOnlyThisFileArrived(name);
        }

        @ParameterizedTest
        @MethodSource("io.vaultferry.attachment.domain.FileTransferIT#generations")
        void aDownloadThatBreaksTwiceIsLeftToALaterRun(String name) {
            // Given
            ManifestFile file = servers.file(name);
            servers.source().sandbox().addFault(new Fault(DOWNLOAD, 1, 2, new Fault.Truncate(60)));

            // When
            Throwable thrown = catchThrowable(() -> move(file));
            FileOutcome outcome = moveWhateverHappens(file);

            // Then
            assertThat(thrown).isInstanceOf(IOException.class);
            assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
            assertThatOnlyThisFileArrived(name);
        }

        @Test
        void aLinkThatExpiresBeforeItsUseIsAskedForAgain() throws IOException {
            // Given
            servers.close();
            servers = TwoOrganizations.open(source -> source.attachmentLinkLifetime(Duration.ofSeconds(1)));
            migration = servers.newMigration();
            servers.source().sandbox().addFault(Fault.once(DOWNLOAD, new Fault.Delay(Duration.ofMillis(2100))));

            // When
            FileOutcome outcome = move(servers.file(OWN_KEY), new Lease(migration));

            // Then
            assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
            assertThat(servers.source().sandbox().counters()).containsEntry(DOWNLOAD + " 404", 1L);
            assertThatOnlyThisFileArrived(OWN_KEY);
        }

        @ParameterizedTest
        @ValueSource(ints = {403, 404})
        void aLinkThatIsRefusedIsRenewedOnceAndNotMore(int status) throws IOException {
            // Given
            servers.source().sandbox().addFault(new Fault(DOWNLOAD, 1, 1_000, new Fault.Refuse(status, Duration.ZERO)));

            // When
            FileOutcome outcome = move(servers.file(OWN_KEY));

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_MISSING_AT_SOURCE));
            assertThat(servers.source().sandbox().counters())
                    .containsEntry(LINK + " 200", 2L)
                    .containsEntry(DOWNLOAD + " " + status, 2L);
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @Test
        void aNameOrKeyThatDoesNotOpenIsQuarantinedAndMakesNoRecord() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            ManifestFile other = servers.file(NO_OWN_KEY);

            // When
            FileOutcome damagedName = move(changed(file, file.attachmentKeyText(), spoiled(file.fileNameText())));
            FileOutcome noName = move(changed(file, file.attachmentKeyText(), "no encrypted string"));
            FileOutcome damagedKey =
                    move(changed(file, file.attachmentKeyText().map(FileTransferIT::spoiled), file.fileNameText()));
            FileOutcome noKey = move(changed(file, Optional.of(other.fileNameText()), file.fileNameText()));

            // Then
            assertThat(List.of(damagedName, noName, damagedKey, noKey))
                    .containsOnly(FileOutcome.notMoved(ReasonCode.UNREADABLE_AT_SOURCE));
            assertThat(servers.target().sandbox().counters()).doesNotContainKey(CREATE + " 200");
        }

        private ManifestFile changed(ManifestFile file, Optional<String> key, String name) {
            return new ManifestFile(
                    file.sourceItem(),
                    file.sourceAttachment(),
                    file.targetItem(),
                    file.size(),
                    file.sourceItemKey(),
                    key,
                    name,
                    file.targetItemKey());
        }

        @Test
        void aFileThatIsLargerThanTheTargetTakesIsSkippedWhateverItsRecordSays() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            try (HostileServer hostile = HostileServer.start(1L << 40)) {
                servers.replaceSource(migration, hostile.url());

                // When
                FileOutcome outcome = move(file);

                // Then
                assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_TOO_LARGE));
                assertThat(outcome.outcome()).isEqualTo(Outcome.SKIPPED);
                assertThat(servers.filesAtTarget()).isEmpty();
            }
        }

        @Test
        void aBitThatFlipsOnTheWayIsSeenBeforeTheLastByteIsSent() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            servers.source().sandbox().addFault(Fault.once(DOWNLOAD, new Fault.Flip(-1)));

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_AT_SOURCE));
            assertThat(servers.filesAtTarget()).isEmpty();
            assertThat(servers.target().sandbox().counters()).doesNotContainKey(UPLOAD + " 200");
        }
    }

    static Stream<String> generations() {
        return Stream.of(OWN_KEY, NO_OWN_KEY, "third generation 4.bin");
    }

    @Nested
    class AtTheTarget {

        @ParameterizedTest
        @MethodSource("io.vaultferry.attachment.domain.FileTransferIT#faults")
        void thereIsOneFileWithTheRightBytesWhateverHappensToACall(String endpoint, Mode mode, String name) {
            // Given
            ManifestFile file = servers.file(name);
            servers.target().sandbox().addFault(Fault.once(endpoint, mode));

            // When
            FileOutcome outcome = moveWhateverHappens(file);

            // Then
            assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
            assertThat(servers.recordsAtTarget(file.sourceItem()))
                    .extracting(id -> id.value())
                    .containsExactly(outcome.targetAttachment().orElseThrow());
            assertThatOnlyThisFileArrived(name);
            assertThat(servers.target().sandbox().journal(0))
                    .as("the fault has hit")
                    .anySatisfy(call -> assertThat(call.fault()).isPresent());
        }

        @ParameterizedTest
        @CsvSource({"400, QUARANTINED, REFUSED_BY_TARGET", "413, SKIPPED, FILE_TOO_LARGE"})
        void bytesThatAreRefusedLeaveNoRecord(int status, Outcome outcome, ReasonCode reason) throws IOException {
            // Given
            servers.target().sandbox().addFault(Fault.once(UPLOAD, new Fault.Refuse(status, Duration.ZERO)));

            // When
            FileOutcome refused = move(servers.file(OWN_KEY));

            // Then
            assertThat(refused).isEqualTo(new FileOutcome(outcome, Optional.empty(), Optional.of(reason)));
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @Test
        void aRecordThatIsRefusedIsQuarantined() throws IOException {
            // Given
            servers.target().sandbox().addFault(Fault.once(CREATE, new Fault.Refuse(400, Duration.ZERO)));

            // When
            FileOutcome refused = move(servers.file(OWN_KEY));

            // Then
            assertThat(refused).isEqualTo(FileOutcome.notMoved(ReasonCode.REFUSED_BY_TARGET));
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void aWayOfUploadingThatIsNotSupportedIsNamedAndLeavesNoRecord(int kind) throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            try (OtherUploads other =
                    OtherUploads.inFrontOf(servers.target().sandbox().baseUrl(), kind)) {
                servers.replaceTarget(migration, other.url());

                // When
                FileOutcome outcome = move(file);

                // Then
                assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.UPLOAD_UNSUPPORTED));
                assertThat(servers.target().sandbox().counters())
                        .containsEntry(CREATE + " 200", 1L)
                        .doesNotContainKey(UPLOAD + " 200");
                assertThat(servers.filesAtTarget()).isEmpty();
            }
        }

        @Test
        void anItemThatSomebodyDeletedTakesNoFile() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            servers.target().session().deleteItems(servers.target().id(), List.of(file.targetItem()));

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.REFUSED_BY_TARGET));
        }

        @Test
        void bytesThatNeverArriveAsTheyWereSentAreTakenBack() throws IOException {
            // Given
            servers.target().sandbox().addFault(new Fault(DOWNLOAD, 1, 1_000, new Fault.Flip(100)));

            // When
            FileOutcome outcome = move(servers.file(OWN_KEY));

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_ON_TRANSFER));
            servers.target().sandbox().clearFaults();
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @Test
        void aRunThatEndsBeforeItCanSayWhyItTookAFileBackIsSpokenFor() throws IOException {
            // Given: found damaged while it was sent, taken back, and dead right afterwards.
            ManifestFile file = servers.file(OWN_KEY);
            servers.source().sandbox().addFault(Fault.once(DOWNLOAD, new Fault.Flip(-1)));
            assertThat(move(file)).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_AT_SOURCE));
            spoil(file, -1);

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.FILE_DAMAGED_AT_SOURCE));
            assertThat(servers.filesAtTarget()).isEmpty();
        }

        @Test
        void aRecordThatSomebodyDeletedMeanwhileIsNotMadeAgain() throws IOException {
            // Given: the record is made, and the worker dies.
            ManifestFile file = servers.file(OWN_KEY);
            servers.target().sandbox().addFault(Fault.once(UPLOAD, new Fault.DropBeforeEffect()));
            assertThat(catchThrowable(() -> move(file))).isInstanceOf(BitwardenException.class);
            servers.target()
                    .session()
                    .deleteAttachment(
                            file.targetItem(),
                            servers.recordsAtTarget(file.sourceItem()).getFirst());

            // When
            FileOutcome outcome = move(file);

            // Then
            assertThat(outcome).isEqualTo(FileOutcome.notMoved(ReasonCode.REFUSED_BY_TARGET));
            assertThat(servers.filesAtTarget()).isEmpty();
        }
    }

    private static String spoiled(String encrypted) {
        int place = encrypted.indexOf('|') + 3;
        char other = encrypted.charAt(place) == 'A' ? 'B' : 'A';
        return encrypted.substring(0, place) + other + encrypted.substring(place + 1);
    }

    static Stream<Arguments> faults() {
        List<Mode> modes = List.of(
                new Fault.DropBeforeEffect(),
                new Fault.DropAfterEffect(),
                new Fault.AnswerAfterEffect(500),
                new Fault.Refuse(500, Duration.ZERO),
                new Fault.Refuse(429, Duration.ofSeconds(1)),
                new Fault.Refuse(503, Duration.ofSeconds(1)),
                new Fault.Delay(Duration.ofMillis(700)),
                new Fault.DelayAfterEffect(Duration.ofMillis(700)));
        Stream<Arguments> all = Stream.of(CREATE, UPLOAD, LINK, DOWNLOAD)
                .flatMap(endpoint -> modes.stream().map(mode -> Arguments.of(endpoint, mode, OWN_KEY)));
        return Stream.concat(
                all,
                Stream.of(
                        Arguments.of(CREATE, new Fault.Truncate(20), OWN_KEY),
                        Arguments.of(DOWNLOAD, new Fault.Truncate(20), OWN_KEY),
                        Arguments.of(DOWNLOAD, new Fault.Flip(-1), OWN_KEY),
                        Arguments.of(UPLOAD, new Fault.DropWhileReading(1000), OWN_KEY),
                        Arguments.of(UPLOAD, new Fault.DropAfterEffect(), NO_OWN_KEY),
                        Arguments.of(UPLOAD, new Fault.DropBeforeEffect(), NO_OWN_KEY),
                        Arguments.of(CREATE, new Fault.DropAfterEffect(), NO_OWN_KEY)));
    }
}
