package io.vaultferry.bitwarden.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class AttachmentCrypto {
    private AttachmentCrypto() {}

    /** Encrypted bytes that can be read more than once, such as a file. */
    public interface RepeatableSource {
        InputStream open() throws IOException;

        long length() throws IOException;
    }

    public static byte[] encrypt(byte[] plaintext, SymmetricKey contentKey) {
        throw new UnsupportedOperationException();
    }

    public static byte[] decrypt(byte[] encrypted, SymmetricKey contentKey) {
        throw new UnsupportedOperationException();
    }

    /** Two passes: nothing reaches {@code plaintext} before the MAC was found good. */
    public static void decrypt(RepeatableSource encrypted, SymmetricKey contentKey, OutputStream plaintext)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** One pass: what it yields is untrusted until the end of the stream was reached without an exception. */
    public static InputStream decryptUntrusted(InputStream encrypted, long encryptedLength, SymmetricKey contentKey) {
        throw new UnsupportedOperationException();
    }

    /** Answers the number of bytes written at the channel's position. */
    public static long encrypt(InputStream plaintext, SymmetricKey contentKey, SeekableByteChannel encrypted)
            throws IOException {
        throw new UnsupportedOperationException();
    }
}
