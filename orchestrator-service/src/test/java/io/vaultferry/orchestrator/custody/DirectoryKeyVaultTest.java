package io.vaultferry.orchestrator.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryKeyVaultTest {

    private static final KeyName NAME = new KeyName(KeyName.Use.MIGRATION, UUID.randomUUID());

    @TempDir
    Path temporary;

    private Path directory;
    private Path kek;
    private DirectoryKeyVault vault;

    @BeforeEach
    void open() throws IOException {
        directory = temporary.resolve("custody");
        kek = temporary.resolve("kek");
        writeKek(kek, new byte[KeyVault.KEY_LENGTH]);
        vault = new DirectoryKeyVault(directory, kek);
    }

    @Nested
    class Keys {

        @Test
        void madeKeyIsTheSameAfterARestart() {
            // Given
            vault.make(NAME);
            byte[] key = vault.get(NAME);

            // When
            byte[] afterRestart = new DirectoryKeyVault(directory, kek).get(NAME);

            // Then
            assertThat(afterRestart).hasSize(KeyVault.KEY_LENGTH).isEqualTo(key);
        }

        @Test
        void keysOfTwoNamesDiffer() {
            // Given
            KeyName other = new KeyName(KeyName.Use.CONNECTION, NAME.id());

            // When
            vault.make(NAME);
            vault.make(other);

            // Then
            assertThat(vault.get(NAME)).isNotEqualTo(vault.get(other));
        }

        @Test
        void keyIsNeverMadeTwice() {
            // Given
            vault.make(NAME);
            byte[] key = vault.get(NAME);

            // When / Then
            assertThatThrownBy(() -> vault.make(NAME)).isInstanceOf(CustodyException.class);
            assertThat(vault.get(NAME)).isEqualTo(key);
        }

        @Test
        void fileIsWrappedAndReadableByItsOwnerOnly() throws IOException {
            // When
            vault.make(NAME);

            // Then
            Path file = onlyFile();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
            assertThat(indexOf(Files.readAllBytes(file), vault.get(NAME))).isNegative();
        }

        @Test
        void destroyedKeyIsGoneAndItsFileOverwrittenBeforeItIsDeleted() throws IOException {
            // Given
            vault.make(NAME);
            Path file = onlyFile();
            byte[] wrapped = Files.readAllBytes(file);
            // A second name for the same file shows what was in it when the first name was deleted.
            Path secondName = Files.createLink(temporary.resolve("second-name"), file);

            // When
            vault.destroy(NAME);

            // Then
            assertThat(file).doesNotExist();
            assertThat(Files.readAllBytes(secondName)).hasSameSizeAs(wrapped).isNotEqualTo(wrapped);
            assertThat(vault.holds(NAME)).isFalse();
            assertThatThrownBy(() -> vault.get(NAME)).isInstanceOf(UnknownKeyException.class);
        }

        @Test
        void destroyingAnUnknownKeyDoesNothing() {
            // When
            vault.destroy(NAME);

            // Then
            assertThat(vault.holds(NAME)).isFalse();
        }

        @Test
        void fileOfAnotherNameIsRefused() throws IOException {
            // Given
            KeyName other = new KeyName(KeyName.Use.MIGRATION, UUID.randomUUID());
            vault.make(NAME);

            // When
            Files.copy(onlyFile(), directory.resolve(other + ".key"));

            // Then
            assertThatThrownBy(() -> vault.get(other)).isInstanceOf(SealBrokenException.class);
        }

        @Test
        void everyFlippedBitIsNoticed() throws IOException {
            // Given
            vault.make(NAME);
            Path file = onlyFile();
            byte[] wrapped = Files.readAllBytes(file);

            for (int i = 0; i < wrapped.length; i++) {
                // When
                byte[] altered = wrapped.clone();
                altered[i] ^= 1;
                Files.write(file, altered);

                // Then
                assertThatThrownBy(() -> vault.get(NAME)).isInstanceOf(SealBrokenException.class);
            }
        }

        @Test
        void otherKeyEncryptionKeyOpensNothing() throws IOException {
            // Given
            vault.make(NAME);
            byte[] other = new byte[KeyVault.KEY_LENGTH];
            Arrays.fill(other, (byte) 1);
            Path otherKek = temporary.resolve("other-kek");
            writeKek(otherKek, other);

            // When
            DirectoryKeyVault otherVault = new DirectoryKeyVault(directory, otherKek);

            // Then
            assertThatThrownBy(() -> otherVault.get(NAME)).isInstanceOf(SealBrokenException.class);
        }
    }

    @Nested
    class KeyEncryptionKeyFile {

        @ParameterizedTest
        @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw----r--", "rw-----w-"})
        void mustNotBeOpenToOthers(String permissions) throws IOException {
            // When
            Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString(permissions));

            // Then
            assertThatThrownBy(() -> new DirectoryKeyVault(directory, kek))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("chmod 600");
        }

        @ParameterizedTest
        @ValueSource(strings = {"r--------", "rw-------", "r--r-----"})
        void mayBeReadableByTheServiceAndItsGroup(String permissions) throws IOException {
            // When
            Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString(permissions));

            // Then
            assertThat(new DirectoryKeyVault(directory, kek).holds(NAME)).isFalse();
        }

        @Test
        void missingOneIsExplained() {
            // When / Then
            assertThatThrownBy(() -> new DirectoryKeyVault(directory, temporary.resolve("nothing")))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("head -c 32 /dev/urandom | base64");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "c2hvcnQ=", "not base64 at all: canary-5b1f"})
        void mustHoldThirtyTwoBytesInBase64AndIsNotQuoted(String contents) throws IOException {
            // When
            Files.writeString(kek, contents);

            // Then
            assertThatThrownBy(() -> new DirectoryKeyVault(directory, kek))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("32 bytes")
                    .hasMessageNotContaining("canary");
        }
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private static void writeKek(Path file, byte[] key) throws IOException {
        Files.writeString(file, Base64.getEncoder().encodeToString(key) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static int indexOf(byte[] haystack, byte[] needle) {
        for (int i = 0; i + needle.length <= haystack.length; i++) {
            if (Arrays.equals(haystack, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }
}
