package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.TransferProfile;
import io.vaultferry.attachment.TwoOrganizations;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One file at a time between two servers, over the real journal. */
@QuarkusTest
@TestProfile(TransferProfile.class)
class FileTransferIT {

    static final String CREATE = "POST /api/ciphers/{item}/attachment/v2";
    static final String UPLOAD = "POST /api/ciphers/{item}/attachment/{attachment}";
    static final String LINK = "GET /api/ciphers/{item}/attachment/{attachment}";
    static final String DOWNLOAD = "GET /attachments/{item}/{attachment}";

    private static final String OWN_KEY = "big.bin";
    private static final String NO_OWN_KEY = "first generation.txt";

    @Inject
    Grants grants;

    @Inject
    WriteJournals journals;

    @TempDir
    Path spool;

    private TwoOrganizations servers;
    private MigrationId migration;
    private Lease lease;

    @BeforeEach
    void open() {
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

    private FileOutcome move(ManifestFile file) throws IOException {
        return move(file, lease);
    }

    private FileOutcome move(ManifestFile file, Lease held) throws IOException {
        try (MigrationSession source = grants.open(migration, Side.SOURCE);
                MigrationSession target = grants.open(migration, Side.TARGET)) {
            return new FileTransfer(source, target, journals, spool, held).move(file);
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
        void aTruncatedDownloadIsRepeated(String name) {
            // Given
            ManifestFile file = servers.file(name);
            servers.source().sandbox().addFault(new Fault(DOWNLOAD, 2, 1, new Fault.Truncate(60)));

            // When
            FileOutcome outcome = moveWhateverHappens(file);

            // Then
            assertThat(outcome.outcome()).isEqualTo(Outcome.MOVED);
            assertThatOnlyThisFileArrived(name);
        }

        @Test
        void aBitThatFlipsOnTheWayIsSeenBeforeTheLastByteIsSent() throws IOException {
            // Given
            ManifestFile file = servers.file(OWN_KEY);
            servers.source().sandbox().addFault(new Fault(DOWNLOAD, 2, 1, new Fault.Flip(-1)));

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
