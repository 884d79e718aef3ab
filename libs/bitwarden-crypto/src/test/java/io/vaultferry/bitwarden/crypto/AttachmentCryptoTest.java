package io.vaultferry.bitwarden.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentCryptoTest {
    private static final int BUFFER = 64 * 1024;

    private final SymmetricKey key = SymmetricKey.make();
    private final SymmetricKey otherKey = SymmetricKey.make();

    @TempDir
    Path directory;

    @AfterEach
    void closeKeys() {
        key.close();
        otherKey.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 65", "1, 65", "15, 65", "16, 81", "17, 81", "100, 161", "525336576, 525336641"})
    void encryptedSizeIsThatOfWholeBlocksAndAHeader(long plain, long encrypted) {
        assertThat(AttachmentFormat.encryptedSize(plain)).isEqualTo(encrypted);
        assertThat(AttachmentFormat.isPossibleEncryptedSize(encrypted)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 49, 64, 66, 80})
    void otherSizesAreImpossible(long size) {
        assertThat(AttachmentFormat.isPossibleEncryptedSize(size)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                15,
                16,
                17,
                31,
                32,
                BUFFER - 17,
                BUFFER - 16,
                BUFFER - 1,
                BUFFER,
                BUFFER + 1,
                BUFFER + 16,
                2 * BUFFER - 16,
                2 * BUFFER,
                1024 * 1024 + 7
            })
    void everyWayOfEncryptingIsReadByEveryWayOfDecrypting(int size) throws IOException {
        byte[] plaintext = someBytes(size);
        for (byte[] encrypted : new byte[][] {AttachmentCrypto.encrypt(plaintext, key), encryptedToAFile(plaintext)}) {
            assertThat(encrypted).hasSize((int) AttachmentFormat.encryptedSize(size));
            assertThat(AttachmentCrypto.decrypt(encrypted, key)).isEqualTo(plaintext);
            try (InputStream streamed =
                    AttachmentCrypto.decryptUntrusted(inSmallPieces(encrypted), encrypted.length, key)) {
                assertThat(streamed.readAllBytes()).isEqualTo(plaintext);
                assertThat(streamed.read()).isEqualTo(-1);
            }
            ByteArrayOutputStream twice = new ByteArrayOutputStream();
            AttachmentCrypto.decrypt(repeatable(encrypted), key, twice);
            assertThat(twice.toByteArray()).isEqualTo(plaintext);
            try (InputStream verified = new VerifyingInputStream(inSmallPieces(encrypted), encrypted.length, key)) {
                assertThat(verified.readAllBytes()).isEqualTo(encrypted);
                assertThat(verified.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void encryptingTwiceGivesDifferentBytes() {
        byte[] plaintext = someBytes(40);
        assertThat(AttachmentCrypto.encrypt(plaintext, key)).isNotEqualTo(AttachmentCrypto.encrypt(plaintext, key));
    }

    @Test
    void encryptingBeginsAtTheChannelsPositionAndEndsBehindTheLastByte() throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[] {1, 2, 3});
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(3);
            long written = AttachmentCrypto.encrypt(new ByteArrayInputStream(new byte[10]), key, channel);
            assertThat(written).isEqualTo(65);
            assertThat(channel.position()).isEqualTo(68);
        }
        byte[] all = Files.readAllBytes(file);
        assertThat(all).startsWith(1, 2, 3);
        assertThat(AttachmentCrypto.decrypt(Arrays.copyOfRange(all, 3, all.length), key))
                .isEqualTo(new byte[10]);
    }

    @Test
    void encryptionThatBreaksOffLeavesNothingThatPassesForAFile() throws IOException {
        Path file = directory.resolve("file");
        InputStream breaking = new FilterInputStream(zeros(4 * BUFFER)) {
            private int reads;

            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
                if (reads++ == 3) {
                    throw new IOException("broken");
                }
                return super.read(buffer, offset, count);
            }
        };
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            assertThatThrownBy(() -> AttachmentCrypto.encrypt(breaking, key, channel))
                    .isInstanceOf(IOException.class);
        }
        byte[] left = Files.readAllBytes(file);
        byte[] plausible = Arrays.copyOf(left, left.length - (left.length - AttachmentFormat.HEADER) % 16);
        assertThatThrownBy(() -> AttachmentCrypto.decrypt(plausible, key))
                .isInstanceOf(UnsupportedEncryptionException.class);
    }

    /** 96 MiB through buffers of 64 KiB: more than would fit were anything kept. */
    @Test
    void streamsNeedNoMoreMemoryForLargerFiles() throws IOException {
        long size = 96L * 1024 * 1024;
        Path file = directory.resolve("large");
        long before = allocatedByThisThread();
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            AttachmentCrypto.encrypt(zeros(size), key, channel);
        }
        try (InputStream streamed =
                AttachmentCrypto.decryptUntrusted(Files.newInputStream(file), Files.size(file), key)) {
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int read = streamed.read(buffer); read >= 0; read = streamed.read(buffer)) {
                total += read;
            }
            assertThat(total).isEqualTo(size);
        }
        assertThat(allocatedByThisThread() - before).isLessThan(size / 8);
    }

    @Nested
    class Damage {
        private final byte[] plaintext = someBytes(3 * BUFFER + 5);
        private final byte[] encrypted = AttachmentCrypto.encrypt(plaintext, key);

        @ParameterizedTest
        @ValueSource(ints = {1, 16, 17, 48, 49, 64, 70_000, 196_656})
        void isFoundBeforeTheLastByteLeaves(int position) {
            byte[] damaged = encrypted.clone();
            damaged[position] ^= 1;
            assertThatNobodyAccepts(damaged, key, DecryptionFailedException.class);
        }

        @Test
        void inTheVeryLastByteIsFound() {
            byte[] damaged = encrypted.clone();
            damaged[damaged.length - 1] ^= (byte) 0x80;
            assertThatNobodyAccepts(damaged, key, DecryptionFailedException.class);
        }

        @Test
        void wrongKeyIsFound() {
            assertThatNobodyAccepts(encrypted, otherKey, DecryptionFailedException.class);
        }

        @Test
        void fileThatLostWholeBlocksIsFound() {
            assertThatNobodyAccepts(
                    Arrays.copyOf(encrypted, encrypted.length - 16), key, DecryptionFailedException.class);
            assertThatNobodyAccepts(Arrays.copyOf(encrypted, 65), key, DecryptionFailedException.class);
        }

        @Test
        void sizeThatNoFileHasIsRefused() {
            for (int length : new int[] {0, 1, 49, 64, encrypted.length - 1}) {
                assertThatNobodyAccepts(Arrays.copyOf(encrypted, length), key, InvalidEncStringException.class);
            }
        }

        @ParameterizedTest
        @ValueSource(bytes = {0, 1, 3, 7, -1})
        void otherTypeIsRefused(byte type) {
            byte[] other = encrypted.clone();
            other[0] = type;
            assertThatNobodyAccepts(other, key, UnsupportedEncryptionException.class);
        }

        @Test
        void streamThatEndsEarlyIsAProblemOfTheTransport() throws IOException {
            for (int length : new int[] {0, 1, 30, 49, 100, encrypted.length - 1}) {
                byte[] cut = Arrays.copyOf(encrypted, length);
                try (InputStream verified =
                                new VerifyingInputStream(new ByteArrayInputStream(cut), encrypted.length, key);
                        InputStream streamed = AttachmentCrypto.decryptUntrusted(
                                new ByteArrayInputStream(cut), encrypted.length, key)) {
                    assertThatThrownBy(verified::readAllBytes).isInstanceOf(EOFException.class);
                    assertThatThrownBy(verified::read).isInstanceOf(EOFException.class);
                    assertThatThrownBy(streamed::readAllBytes).isInstanceOf(EOFException.class);
                }
            }
        }

        @Test
        void streamThatIsLongerThanAnnouncedIsAProblemOfTheTransport() throws IOException {
            byte[] longer = Arrays.copyOf(encrypted, encrypted.length + 1);
            try (InputStream verified =
                    new VerifyingInputStream(new ByteArrayInputStream(longer), encrypted.length, key)) {
                assertThatThrownBy(verified::readAllBytes).isInstanceOf(IOException.class);
            }
        }

        @Test
        void failureIsRepeatedWhenReadAgain() throws IOException {
            byte[] damaged = encrypted.clone();
            damaged[100] ^= 1;
            try (InputStream verified =
                            new VerifyingInputStream(new ByteArrayInputStream(damaged), damaged.length, key);
                    InputStream streamed =
                            AttachmentCrypto.decryptUntrusted(new ByteArrayInputStream(damaged), damaged.length, key)) {
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(verified::readAllBytes).isInstanceOf(DecryptionFailedException.class);
                    assertThatThrownBy(streamed::readAllBytes).isInstanceOf(DecryptionFailedException.class);
                }
            }
        }

        @Test
        void refusedReadLeavesNothingInTheCallersBuffer() throws IOException {
            byte[] damaged = AttachmentCrypto.encrypt(new byte[5], key);
            damaged[20] ^= 1;
            byte[] buffer = new byte[100];
            try (InputStream verified =
                    new VerifyingInputStream(new ByteArrayInputStream(damaged), damaged.length, key)) {
                assertThatThrownBy(() -> verified.read(buffer)).isInstanceOf(DecryptionFailedException.class);
            }
            assertThat(buffer).containsOnly(0);
        }

        @Test
        void skippedBytesAreCheckedToo() throws IOException {
            byte[] damaged = encrypted.clone();
            damaged[100] ^= 1;
            try (InputStream verified =
                    new VerifyingInputStream(new ByteArrayInputStream(damaged), damaged.length, key)) {
                assertThatThrownBy(() -> verified.skipNBytes(damaged.length))
                        .isInstanceOf(DecryptionFailedException.class);
            }
            try (InputStream verified =
                    new VerifyingInputStream(new ByteArrayInputStream(encrypted), encrypted.length, key)) {
                verified.skipNBytes(encrypted.length);
                assertThat(verified.read()).isEqualTo(-1);
            }
        }

        private void assertThatNobodyAccepts(
                byte[] file, SymmetricKey fileKey, Class<? extends CryptoException> error) {
            assertThatThrownBy(() -> AttachmentCrypto.decrypt(file, fileKey)).isInstanceOf(error);

            ByteArrayOutputStream twoPasses = new ByteArrayOutputStream();
            assertThatThrownBy(() -> AttachmentCrypto.decrypt(repeatable(file), fileKey, twoPasses))
                    .isInstanceOf(error);
            assertThat(twoPasses.size()).isZero();

            ByteArrayOutputStream passedOn = new ByteArrayOutputStream();
            assertThatThrownBy(() -> {
                        try (InputStream verified =
                                new VerifyingInputStream(inSmallPieces(file), file.length, fileKey)) {
                            verified.transferTo(passedOn);
                        }
                    })
                    .isInstanceOf(error);
            assertThat(passedOn.size()).isLessThan(Math.max(1, file.length));

            assertThatThrownBy(() -> {
                        try (InputStream streamed =
                                AttachmentCrypto.decryptUntrusted(inSmallPieces(file), file.length, fileKey)) {
                            streamed.readAllBytes();
                        }
                    })
                    .isInstanceOf(error);
        }
    }

    private byte[] encryptedToAFile(byte[] plaintext) throws IOException {
        Path file = Files.createTempFile(directory, "encrypted", null);
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            long written = AttachmentCrypto.encrypt(inSmallPieces(plaintext), key, channel);
            assertThat(written).isEqualTo(AttachmentFormat.encryptedSize(plaintext.length));
        }
        return Files.readAllBytes(file);
    }

    private static AttachmentCrypto.RepeatableSource repeatable(byte[] bytes) {
        return new AttachmentCrypto.RepeatableSource() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public long length() {
                return bytes.length;
            }
        };
    }

    /** Hands out fewer bytes than asked for, as networks do. */
    private static InputStream inSmallPieces(byte[] bytes) {
        Random random = new Random(bytes.length);
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
                return super.read(buffer, offset, Math.min(count, 1 + random.nextInt(5000)));
            }
        };
    }

    private static InputStream zeros(long size) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                if (left <= 0) {
                    return -1;
                }
                int read = (int) Math.min(count, left);
                Arrays.fill(buffer, offset, offset + read, (byte) 0);
                left -= read;
                return read;
            }
        };
    }

    private static byte[] someBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static long allocatedByThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
