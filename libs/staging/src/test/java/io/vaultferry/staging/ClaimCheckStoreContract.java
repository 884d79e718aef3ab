package io.vaultferry.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every staging store promises. A store's test extends this class. */
public abstract class ClaimCheckStoreContract {

    private static final int MIB = 1024 * 1024;
    private static final byte[] BYTES = "sealed bytes".getBytes(StandardCharsets.UTF_8);
    // sha256sum of the twelve bytes above
    private static final String SHA256 = "f35cf5b361b0eaf7b0c02e75808e260e3f379c4745abe45552ba768e85687749";

    private final MigrationId migration = MigrationId.make();

    /** The store under test. */
    protected abstract ClaimCheckStore store();

    /** What is kept below a migration, unfinished documents too; one entry each. */
    protected abstract List<String> keptFor(MigrationId migration) throws IOException;

    /** Changes a document behind the store's back. */
    protected abstract void overwrite(ClaimCheck check, byte[] bytes) throws IOException;

    /** Removes a document behind the store's back. */
    protected abstract void remove(ClaimCheck check) throws IOException;

    /** Adds a document of one byte behind the store's back. */
    protected abstract void keep(MigrationId migration, String file) throws IOException;

    @Test
    void givesBackWhatItWasGiven() throws IOException {
        // When
        ClaimCheck check = store().put(migration, "snapshot", out -> out.write(BYTES));

        // Then
        assertThat(check.size()).isEqualTo(BYTES.length);
        assertThat(check.sha256()).isEqualTo(SHA256);
        assertThat(check.location()).matches(migration + "/snapshot-[0-9a-f]{32}");
        assertThat(read(check)).isEqualTo(BYTES);
    }

    @Test
    void anEmptyDocumentIsADocument() throws IOException {
        // When
        ClaimCheck check = store().put(migration, "snapshot", out -> {});

        // Then
        assertThat(check.size()).isZero();
        assertThat(read(check)).isEmpty();
        assertThat(keptFor(migration)).hasSize(1);
    }

    /** Around the border of a part, and over several of them. */
    @ParameterizedTest
    @ValueSource(ints = {8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB, 20 * MIB + 7})
    void largeDocumentsComeBackByteByByte(int size) throws Exception {
        // Given
        MessageDigest written = MessageDigest.getInstance("SHA-256");

        // When
        ClaimCheck check =
                store().put(migration, "snapshot", out -> writeRandom(new DigestOutputStream(out, written), size));

        // Then
        String sha256 = HexFormat.of().formatHex(written.digest());
        assertThat(check.size()).isEqualTo(size);
        assertThat(check.sha256()).isEqualTo(sha256);
        assertThat(sha256Of(check)).isEqualTo(sha256);
        assertThat(store().usage(migration)).isEqualTo(size);
    }

    @Test
    void documentsMayBeWrittenByteByByte() throws IOException {
        // When
        ClaimCheck check = store().put(migration, "snapshot", out -> {
            for (int i = 0; i < 300_000; i++) {
                out.write(i);
            }
        });

        // Then
        byte[] read = read(check);
        assertThat(read).hasSize(300_000);
        assertThat(read[299_999]).isEqualTo((byte) 299_999);
    }

    @Test
    void aBodyMayCloseItsStreamAsSealingDoes() throws IOException {
        // Given
        StagingKey key = StagingKey.make();

        // When
        ClaimCheck check = store().put(migration, "snapshot", out -> {
            try (OutputStream sealing = key.sealing(out, "document")) {
                writeRandom(sealing, 9 * MIB);
            }
        });

        // Then
        try (InputStream opened = key.opening(store().get(check), "document")) {
            assertThat(opened.readAllBytes()).hasSize(9 * MIB);
        }
    }

    @Test
    void everyDocumentOfTheSameNameIsKept() throws IOException {
        // When
        ClaimCheck first = store().put(migration, "outcomes", out -> out.write(1));
        ClaimCheck second = store().put(migration, "outcomes", out -> out.write(2));

        // Then
        assertThat(read(first)).containsExactly(1);
        assertThat(read(second)).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 20 * MIB})
    void aFailingBodyLeavesNothing(int writtenBefore) throws IOException {
        // When
        assertThatThrownBy(() -> store().put(migration, "snapshot", out -> {
                    writeRandom(out, writtenBefore);
                    throw new IOException("the source is gone");
                }))
                // Then
                .isInstanceOf(StagingUnavailableException.class)
                .hasRootCauseMessage("the source is gone");
        assertThat(keptFor(migration)).isEmpty();
        assertThat(store().usage(migration)).isZero();
    }

    @Test
    void aBodyThatIsHaltedLeavesNothingAndItsExceptionPasses() throws IOException {
        // When
        assertThatThrownBy(() -> store().put(migration, "snapshot", out -> {
                    writeRandom(out, 9 * MIB);
                    throw new IllegalStateException("halted");
                }))
                // Then
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("halted");
        assertThat(keptFor(migration)).isEmpty();
    }

    @Test
    void anInterruptedThreadLeavesNothingBehind() throws IOException {
        // When
        assertThatThrownBy(() -> store().put(migration, "snapshot", out -> {
                    writeRandom(out, 9 * MIB);
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("stopped");
                }))
                .hasMessage("stopped");

        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(keptFor(migration)).isEmpty();
    }

    @Test
    void nothingIsThereBeforeTheBodyHasEnded() {
        store().put(migration, "snapshot", out -> {
            writeRandom(out, 9 * MIB);
            out.flush();

            assertThat(keptFor(migration)).noneMatch(name -> name.matches(".*snapshot-[0-9a-f]{32}"));
        });
    }

    @Test
    void anAlteredDocumentIsRefusedAtItsEnd() throws IOException {
        // Given
        ClaimCheck check = store().put(migration, "snapshot", out -> out.write(BYTES));
        byte[] altered = BYTES.clone();
        altered[3] ^= 1;

        // When
        overwrite(check, altered);

        // Then
        assertThatThrownBy(() -> read(check)).isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aDocumentThatWasCutShortIsRefused() throws IOException {
        // Given
        ClaimCheck check = store().put(migration, "snapshot", out -> out.write(BYTES));

        // When
        overwrite(check, Arrays.copyOf(BYTES, 5));

        // Then
        assertThatThrownBy(() -> store().get(check))
                .isInstanceOf(StagedDataDamagedException.class)
                .hasMessageContaining("another length");
    }

    @Test
    void aDocumentThatIsGoneIsTold() throws IOException {
        // Given
        ClaimCheck check = store().put(migration, "snapshot", out -> out.write(BYTES));

        // When
        remove(check);

        // Then
        assertThatThrownBy(() -> store().get(check))
                .isInstanceOf(StagedDataDamagedException.class)
                .hasMessage("a staged document is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../outside",
                "/etc/passwd",
                "00000000-0000-0000-0000-000000000000/..",
                "00000000-0000-0000-0000-000000000000/../../outside-00000000000000000000000000000000",
                "00000000-0000-0000-0000-000000000000/snapshot-00000000000000000000000000000000/x",
                "00000000-0000-0000-0000-000000000000/snapshot-00000000000000000000000000000000?versionId=1"
            })
    void locationsThatItDidNotMakeAreRefused(String location) {
        assertThatThrownBy(() -> store().get(new ClaimCheck(location, SHA256, BYTES.length)))
                .isInstanceOf(StagedDataDamagedException.class)
                .hasMessage("a claim check does not name a staged document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "Snapshot", "a b", "a/b", "-a", "a-", "a--b", "snapshot.part"})
    void namesOfAnotherFormAreRefused(String name) {
        assertThatThrownBy(() -> store().put(migration, name, out -> out.write(BYTES)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everythingOfAMigrationIsDiscardedAndNothingElse() throws IOException {
        // Given
        ClaimCheck discarded = store().put(migration, "snapshot", out -> out.write(BYTES));
        ClaimCheck kept = store().put(MigrationId.make(), "snapshot", out -> out.write(BYTES));

        // When
        store().discard(migration);

        // Then
        assertThatThrownBy(() -> store().get(discarded)).isInstanceOf(StagedDataDamagedException.class);
        assertThat(keptFor(migration)).isEmpty();
        assertThat(store().usage(migration)).isZero();
        assertThat(read(kept)).isEqualTo(BYTES);
        assertThatCode(() -> store().discard(migration))
                .as("a second time there is nothing to do")
                .doesNotThrowAnyException();
    }

    @Test
    void moreDocumentsThanOneRequestRemovesAreDiscarded() throws IOException {
        // Given
        int documents = 2_100;
        for (int i = 0; i < documents; i++) {
            keep(migration, "outcomes-%032x".formatted(i));
        }
        assertThat(store().usage(migration)).isEqualTo(documents);

        // When
        store().discard(migration);

        // Then
        assertThat(keptFor(migration)).isEmpty();
        assertThat(store().usage(migration)).isZero();
    }

    @Test
    void whatAMigrationTakesIsSummedUp() {
        // Given
        store().put(migration, "snapshot", out -> out.write(BYTES));
        store().put(migration, "outcomes", out -> out.write(BYTES));
        store().put(MigrationId.make(), "outcomes", out -> out.write(BYTES));

        // Then
        assertThat(store().usage(migration)).isEqualTo(2L * BYTES.length);
    }

    @Test
    void unfinishedDocumentsCountAsTheyAreWritten() {
        store().put(migration, "snapshot", out -> {
            writeRandom(out, 20 * MIB);
            out.flush();

            assertThat(store().usage(migration)).isBetween(16L * MIB, 20L * MIB);
        });
    }

    @Test
    void manyThreadsWriteAndReadAtOnce() throws Exception {
        // Given
        List<Callable<Object>> work = IntStream.range(0, 16)
                .<Callable<Object>>mapToObj(i -> () -> {
                    int size = 600_000 + i;
                    ClaimCheck check = store().put(migration, "outcomes", out -> writeRandom(out, size));
                    return read(check).length == size;
                })
                .toList();

        // Then
        assertThat(inParallel(work)).hasSize(16).containsOnly(true);
    }

    @Test
    void readingMayStopBeforeTheEnd() throws IOException {
        // Given
        ClaimCheck check = store().put(migration, "snapshot", out -> writeRandom(out, 9 * MIB));

        // When
        try (InputStream in = store().get(check)) {
            assertThat(in.readNBytes(10)).hasSize(10);
        }

        // Then
        assertThat(read(check)).hasSize(9 * MIB);
    }

    @Test
    void aStoreThatCanBeWrittenPassesItsCheckAndKeepsNothingOfIt() throws IOException {
        // Given
        store().put(migration, "snapshot", out -> out.write(BYTES));

        // When
        store().check();

        // Then
        assertThat(keptFor(migration)).hasSize(1);
    }

    /** The same bytes each time, which no compression makes shorter. */
    protected static void writeRandom(OutputStream out, int size) throws IOException {
        Random random = new Random(size);
        byte[] piece = new byte[10_007];
        for (int left = size; left > 0; left -= piece.length) {
            random.nextBytes(piece);
            out.write(piece, 0, Math.min(piece.length, left));
        }
    }

    private byte[] read(ClaimCheck check) throws IOException {
        try (InputStream in = store().get(check)) {
            return in.readAllBytes();
        }
    }

    private String sha256Of(ClaimCheck check) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = store().get(check)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Object> inParallel(List<Callable<Object>> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Object> results = new java.util.ArrayList<>();
            for (Future<Object> done : threads.invokeAll(work)) {
                results.add(done.get());
            }
            return results;
        }
    }
}
