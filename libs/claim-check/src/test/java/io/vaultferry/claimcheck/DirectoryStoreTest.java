package io.vaultferry.claimcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to a directory; what every store keeps to is in the contract test of the staging module. */
class DirectoryStoreTest {

    private static final byte[] BYTES = "sealed bytes".getBytes(StandardCharsets.UTF_8);
    // sha256sum of the twelve bytes above
    private static final String SHA256 = "f35cf5b361b0eaf7b0c02e75808e260e3f379c4745abe45552ba768e85687749";

    @TempDir
    private Path parent;

    private final MigrationId migration = MigrationId.make();
    private Path root;
    private DirectoryStore store;

    @BeforeEach
    void open() {
        root = parent.resolve("staging");
        store = DirectoryStore.at(root);
    }

    @Test
    void givesBackWhatItWasGiven() throws IOException {
        ClaimCheck check = store.put(migration, "snapshot", out -> out.write(BYTES));

        assertThat(check.size()).isEqualTo(BYTES.length);
        assertThat(check.sha256()).isEqualTo(SHA256);
        assertThat(check.location()).startsWith(migration + "/snapshot-");
        assertThat(read(check)).isEqualTo(BYTES);
    }

    @Test
    void letsOnlyTheOwnerRead() throws IOException {
        ClaimCheck check = store.put(migration, "snapshot", out -> out.write(BYTES));

        assertThat(permissions(root)).isEqualTo("rwx------");
        assertThat(permissions(root.resolve(migration.toString()))).isEqualTo("rwx------");
        assertThat(permissions(root.resolve(check.location()))).isEqualTo("rw-------");
    }

    @Test
    void unfinishedFilesAreTheOwnersOnlyToo() {
        store.put(migration, "snapshot", out -> {
            out.write(BYTES);
            out.flush();
            assertThat(permissions(filesOf(migration).getFirst())).isEqualTo("rw-------");
        });
    }

    @Test
    void aCrashLeavesNothingThatCouldBeTakenForADocument() throws IOException {
        // Given: what a process leaves that dies while it writes
        Path directory = Files.createDirectories(root.resolve(migration.toString()));
        Path unfinished = Files.write(directory.resolve("snapshot-" + "0".repeat(32) + ".part"), BYTES);
        ClaimCheck guessed = new ClaimCheck(migration + "/" + unfinished.getFileName(), SHA256, BYTES.length);

        // When
        assertThatThrownBy(() -> store.get(guessed)).isInstanceOf(StagedDataDamagedException.class);
        assertThat(store.usage(migration)).isEqualTo(BYTES.length);
        store.discard(migration);

        // Then
        assertThat(directory).doesNotExist();
    }

    @Test
    void anExchangedDocumentIsRefused() throws IOException {
        ClaimCheck one = store.put(migration, "snapshot", out -> out.write(BYTES));
        ClaimCheck other = store.put(
                MigrationId.make(), "snapshot", out -> out.write("sealed other".getBytes(StandardCharsets.UTF_8)));
        Files.copy(
                root.resolve(other.location()),
                root.resolve(one.location()),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> read(one)).isInstanceOf(StagedDataDamagedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../outside",
                "../../etc/passwd",
                "/etc/passwd",
                "00000000-0000-0000-0000-000000000000/../../outside-00000000000000000000000000000000",
                "00000000-0000-0000-0000-000000000000/..",
                "00000000-0000-0000-0000-000000000000/snapshot-00000000000000000000000000000000/x",
                "./00000000-0000-0000-0000-000000000000/snapshot-00000000000000000000000000000000",
                "00000000-0000-0000-0000-000000000000\\snapshot-00000000000000000000000000000000",
                "00000000-0000-0000-0000-000000000000/snapshot-00000000000000000000000000000000\u0000"
            })
    void locationsThatItDidNotMakeAreRefused(String location) throws IOException {
        Files.write(parent.resolve("outside"), BYTES);

        assertThatThrownBy(() -> store.get(new ClaimCheck(location, SHA256, BYTES.length)))
                .isInstanceOf(StagedDataDamagedException.class)
                .hasMessageNotContaining("outside");
    }

    @Test
    void aLinkInADocumentsPlaceIsRefused() throws IOException {
        ClaimCheck check = store.put(migration, "snapshot", out -> out.write(BYTES));
        Path file = root.resolve(check.location());
        Path outside = Files.write(parent.resolve("outside"), BYTES);
        Files.delete(file);
        Files.createSymbolicLink(file, outside);

        assertThatThrownBy(() -> store.get(check)).isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void opensADirectoryThatIsThereAlready() throws IOException {
        ClaimCheck check = store.put(migration, "snapshot", out -> out.write(BYTES));

        assertThat(DirectoryStore.at(root).get(check).readAllBytes()).isEqualTo(BYTES);
    }

    private byte[] read(ClaimCheck check) throws IOException {
        try (InputStream in = store.get(check)) {
            return in.readAllBytes();
        }
    }

    private List<Path> filesOf(MigrationId id) {
        try (Stream<Path> files = Files.list(root.resolve(id.toString()))) {
            return files.toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
