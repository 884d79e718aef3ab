package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmac;
import io.vaultferry.bitwarden.crypto.hazmat.Randomness;
import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.Sealed;
import io.vaultferry.bitwarden.crypto.hazmat.StreamCipher;
import io.vaultferry.bitwarden.crypto.hazmat.StreamMac;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/**
 * The contents of files in {@link AttachmentFormat}. Streams use some 130 KiB of memory whatever the file's size. Their
 * format has the MAC in front, so reading safely takes two passes and writing needs a channel that can go back.
 */
public final class AttachmentCrypto {
    private static final int BUFFER = 64 * 1024;

    private AttachmentCrypto() {}

    /** Encrypted bytes that can be read more than once, such as a file. */
    public interface RepeatableSource {
        /** From the beginning, each time; the reader closes it. */
        InputStream open() throws IOException;

        long length() throws IOException;
    }

    /** For small files. */
    public static byte[] encrypt(byte[] plaintext, SymmetricKey contentKey) {
        Sealed sealed = AesCbcHmac.seal(contentKey.raw(), plaintext);
        return ByteBuffer.allocate(AttachmentFormat.HEADER + sealed.ciphertext().length)
                .put(AttachmentFormat.TYPE)
                .put(sealed.iv())
                .put(sealed.mac())
                .put(sealed.ciphertext())
                .array();
    }

    /**
     * For small files.
     *
     * @throws InvalidEncStringException no encrypted file has this length
     * @throws UnsupportedEncryptionException not of type 2
     * @throws DecryptionFailedException wrong key, or altered data
     */
    public static byte[] decrypt(byte[] encrypted, SymmetricKey contentKey) {
        AttachmentFormat.requirePossibleEncryptedSize(encrypted.length);
        AttachmentFormat.requireType(encrypted[0]);
        Sealed sealed = new Sealed(
                Arrays.copyOfRange(encrypted, AttachmentFormat.IV_START, AttachmentFormat.MAC_START),
                Arrays.copyOfRange(encrypted, AttachmentFormat.HEADER, encrypted.length),
                Arrays.copyOfRange(encrypted, AttachmentFormat.MAC_START, AttachmentFormat.HEADER));
        try {
            return AesCbcHmac.open(contentKey.raw(), sealed);
        } catch (RejectedException e) {
            throw new DecryptionFailedException();
        }
    }

    /**
     * Two passes: nothing reaches {@code plaintext} before the MAC was found good. The second pass checks again, in case
     * the source changed in between.
     *
     * @throws InvalidEncStringException no encrypted file has this length
     * @throws UnsupportedEncryptionException not of type 2
     * @throws DecryptionFailedException wrong key, or altered data
     */
    public static void decrypt(RepeatableSource encrypted, SymmetricKey contentKey, OutputStream plaintext)
            throws IOException {
        long length = encrypted.length();
        try (InputStream first = new VerifyingInputStream(encrypted.open(), length, contentKey)) {
            first.transferTo(OutputStream.nullOutputStream());
        }
        try (InputStream second = decryptUntrusted(encrypted.open(), length, contentKey)) {
            second.transferTo(plaintext);
        }
    }

    /**
     * One pass. What it yields is untrusted until its end was reached: a wrong key or altered data may show only then, as
     * a {@link DecryptionFailedException} in place of the end. For hashing and the like, never for passing on. Throws as
     * {@link VerifyingInputStream} does.
     *
     * @param encrypted closed together with the answered stream
     * @param contentKey must stay open until the first read
     * @throws InvalidEncStringException no encrypted file has this length
     */
    public static InputStream decryptUntrusted(InputStream encrypted, long encryptedLength, SymmetricKey contentKey) {
        return new DecryptingInputStream(encrypted, encryptedLength, contentKey);
    }

    /**
     * Encrypts from the channel's position on, and leaves the position behind the last byte. Until it returns, what the
     * channel holds begins with an invalid type, so that nobody takes the half of a file for one.
     *
     * @return the number of bytes written
     */
    public static long encrypt(InputStream plaintext, SymmetricKey contentKey, SeekableByteChannel encrypted)
            throws IOException {
        long start = encrypted.position();
        byte[] iv = Randomness.bytes(AesCbcHmac.IV_LENGTH);
        byte[] in = new byte[BUFFER];
        byte[] out = new byte[BUFFER + AesCbcHmac.BLOCK];
        try (StreamCipher cipher = StreamCipher.encrypting(contentKey.raw(), iv);
                StreamMac mac = new StreamMac(contentKey.raw())) {
            writeFully(encrypted, ByteBuffer.allocate(AttachmentFormat.HEADER));
            mac.update(iv, 0, iv.length);
            int read;
            do {
                read = plaintext.readNBytes(in, 0, in.length);
                int length = cipher.update(in, 0, read, out);
                if (read < in.length) {
                    length += finish(cipher, out, length);
                }
                mac.update(out, 0, length);
                writeFully(encrypted, ByteBuffer.wrap(out, 0, length));
            } while (read == in.length);
            long end = encrypted.position();
            encrypted.position(start);
            writeFully(
                    encrypted,
                    ByteBuffer.allocate(AttachmentFormat.HEADER)
                            .put(AttachmentFormat.TYPE)
                            .put(iv)
                            .put(mac.finish())
                            .flip());
            encrypted.position(end);
            return end - start;
        } finally {
            Wiping.wipe(in);
        }
    }

    private static int finish(StreamCipher cipher, byte[] out, int offset) {
        try {
            return cipher.finish(out, offset);
        } catch (RejectedException e) {
            throw new IllegalStateException("Encryption does not fail by its data.", e);
        }
    }

    private static void writeFully(SeekableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
