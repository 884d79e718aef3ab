package io.vaultferry.claimcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagingKeyTest {

    private static final byte[] PLAINTEXT = "what is staged".getBytes(StandardCharsets.UTF_8);

    private final StagingKey key = StagingKey.make();

    @Nested
    class Records {

        @Test
        void openAsWhatTheyWereSealed() {
            byte[] sealed = key.seal(PLAINTEXT, "migration|item|1");

            assertThat(key.open(sealed, "migration|item|1")).isEqualTo(PLAINTEXT);
        }

        @Test
        void doNotOpenWhenAnyBitIsFlipped() {
            byte[] sealed = key.seal(PLAINTEXT, "migration|item|1");

            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] flipped = sealed.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThatThrownBy(() -> key.open(flipped, "migration|item|1"))
                        .isInstanceOf(StagedDataDamagedException.class)
                        .hasNoCause();
            }
        }

        @Test
        void doNotOpenWhenCutShort() {
            byte[] sealed = key.seal(PLAINTEXT, "migration|item|1");

            for (int length = 0; length < sealed.length; length++) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertThatThrownBy(() -> key.open(cut, "migration|item|1"))
                        .isInstanceOf(StagedDataDamagedException.class);
            }
        }

        @Test
        void doNotOpenInTheOthersPlace() {
            byte[] sealed = key.seal(PLAINTEXT, "migration|item|1");

            assertThatThrownBy(() -> key.open(sealed, "migration|item|2"))
                    .isInstanceOf(StagedDataDamagedException.class);
        }

        @Test
        void doNotOpenUnderTheKeyOfAnotherMigration() {
            byte[] sealed = key.seal(PLAINTEXT, "item|1");

            assertThatThrownBy(() -> StagingKey.make().open(sealed, "item|1"))
                    .isInstanceOf(StagedDataDamagedException.class);
        }
    }

    @Nested
    class Documents {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 65_000, 65_536, 65_537, 300_000})
        void openAsWhatTheyWereSealed(int length) throws IOException {
            byte[] document = bytes(length);

            byte[] sealed = sealed(document, "document");

            assertThat(opened(sealed, "document")).isEqualTo(document);
        }

        @Test
        void doNotOpenWhenCutShortAnywhere() throws IOException {
            byte[] sealed = sealed(bytes(200_000), "document");

            // Also at the borders of segments, where what is left is well-formed.
            for (int length : new int[] {0, 1, 39, 40, 65_535, 65_536, 131_072, sealed.length - 1}) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertThatThrownBy(() -> opened(cut, "document")).isInstanceOf(StagedDataDamagedException.class);
            }
        }

        @Test
        void doNotOpenWhenSegmentsAreExchanged() throws IOException {
            byte[] sealed = sealed(bytes(300_000), "document");
            byte[] exchanged = sealed.clone();
            System.arraycopy(sealed, 65_536, exchanged, 131_072, 65_536);
            System.arraycopy(sealed, 131_072, exchanged, 65_536, 65_536);

            assertThatThrownBy(() -> opened(exchanged, "document")).isInstanceOf(StagedDataDamagedException.class);
        }

        @Test
        void doNotOpenWhenAByteIsChanged() throws IOException {
            byte[] sealed = sealed(bytes(70_000), "document");

            for (int position : new int[] {0, 7, 30, 100, 65_540, sealed.length - 1}) {
                byte[] changed = sealed.clone();
                changed[position] ^= 1;
                assertThatThrownBy(() -> opened(changed, "document")).isInstanceOf(StagedDataDamagedException.class);
            }
        }

        @Test
        void doNotOpenAsAnotherDocument() throws IOException {
            byte[] sealed = sealed(bytes(10), "one migration's snapshot");

            assertThatThrownBy(() -> opened(sealed, "another's snapshot"))
                    .isInstanceOf(StagedDataDamagedException.class);
        }

        @Test
        void areIncompleteUntilTheyAreClosed() throws IOException {
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            OutputStream out = key.sealing(sealed, "document");
            out.write(bytes(100_000));
            out.flush();

            assertThatThrownBy(() -> opened(sealed.toByteArray(), "document"))
                    .isInstanceOf(StagedDataDamagedException.class);
        }

        @Test
        void failWithTheStoreWhenTheStoreFails() throws IOException {
            byte[] sealed = sealed(bytes(200_000), "document");
            InputStream failing =
                    new java.io.SequenceInputStream(new ByteArrayInputStream(sealed, 0, 100_000), new InputStream() {
                        @Override
                        public int read() throws IOException {
                            throw new IOException("the disk is gone");
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) throws IOException {
                            throw new IOException("the disk is gone");
                        }
                    });

            assertThatThrownBy(() -> {
                        try (InputStream in = key.opening(failing, "document")) {
                            in.readAllBytes();
                        }
                    })
                    .isInstanceOf(StagingUnavailableException.class);
        }

        private byte[] sealed(byte[] document, String associatedData) throws IOException {
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            try (OutputStream out = key.sealing(sealed, associatedData)) {
                out.write(document);
            }
            return sealed.toByteArray();
        }

        private byte[] opened(byte[] sealed, String associatedData) throws IOException {
            try (InputStream in = key.opening(new ByteArrayInputStream(sealed), associatedData)) {
                return in.readAllBytes();
            }
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            new java.util.Random(length).nextBytes(bytes);
            return bytes;
        }
    }

    @Nested
    class Formats {

        private final StagingKey fixed =
                StagingKey.takeOwnershipOf(HexFormat.of().parseHex("00".repeat(31) + "01"));

        /** Computed with Python's hmac and hashlib: HKDF-SHA256 with an empty salt, then HMAC-SHA256. Must never break. */
        @Test
        void fingerprintsAreTheSameInEveryRelease() {
            assertThat(fixed.fingerprint("2.iv|ct|mac")).isEqualTo("2RpUi8bLBecrz3QTEOzvP0tUSdKn2ZWL3nplnDT6JLU");
        }

        /** Sealed with Python's cryptography package: 12 bytes of nonce, ciphertext, 16 bytes of tag. Must never break. */
        @Test
        void recordsOfTheFirstReleaseOpen() {
            assertThat(fixed.open(
                            HexFormat.of()
                                    .parseHex(
                                            "000102030405060708090a0bec470212b61b05362af47c67d4d2804adb432c0b5d3a2757ed57053db68d"),
                            "migration|item|1"))
                    .isEqualTo(PLAINTEXT);
        }
    }

    @Test
    void fingerprintsDependOnKeyAndText() {
        assertThat(key.fingerprint("a")).isEqualTo(key.fingerprint("a")).isNotEqualTo(key.fingerprint("b"));
        assertThat(StagingKey.make().fingerprint("a")).isNotEqualTo(key.fingerprint("a"));
    }

    @Test
    void comesBackFromItsBytes() {
        byte[] sealed = key.seal(PLAINTEXT, "record");

        StagingKey again = StagingKey.takeOwnershipOf(key.reveal(InsecureSecretKeyAccess.get()));

        assertThat(again.open(sealed, "record")).isEqualTo(PLAINTEXT);
        assertThat(again.fingerprint("a")).isEqualTo(key.fingerprint("a"));
    }

    @Test
    void overwritesItsBytesAndRefusesWorkOnceDestroyed() {
        byte[] bytes = new byte[StagingKey.LENGTH];
        Arrays.fill(bytes, (byte) 7);
        StagingKey owned = StagingKey.takeOwnershipOf(bytes);

        owned.close();

        assertThat(bytes).containsOnly(0);
        assertThat(owned.isDestroyed()).isTrue();
        assertThatThrownBy(() -> owned.seal(PLAINTEXT, "")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> owned.fingerprint("")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> owned.reveal(InsecureSecretKeyAccess.get())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void printsNothingOfItself() {
        assertThat(key).hasToString("StagingKey[redacted]");
    }

    @Test
    void refusesBytesOfAnotherLength() {
        assertThatThrownBy(() -> StagingKey.takeCopyOf(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
