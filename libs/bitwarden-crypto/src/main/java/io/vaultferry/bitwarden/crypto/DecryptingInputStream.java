package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmacKey;
import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.StreamCipher;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Decrypts what a {@link VerifyingInputStream} passes through; see {@link AttachmentCrypto#decryptUntrusted}. */
final class DecryptingInputStream extends InputStream {
    private static final int BUFFER = 64 * 1024;

    private final VerifyingInputStream encrypted;
    private final AesCbcHmacKey key;
    private final byte[] ciphertext = new byte[BUFFER];
    private final byte[] plaintext = new byte[BUFFER + 32];
    private StreamCipher cipher;
    private int from;
    private int to;
    private boolean ended;
    private boolean failed;
    private boolean closed;

    DecryptingInputStream(InputStream encrypted, long encryptedLength, SymmetricKey contentKey) {
        this.encrypted = new VerifyingInputStream(encrypted, encryptedLength, contentKey);
        this.key = contentKey.raw();
    }

    @Override
    public int read() throws IOException {
        return fill() ? Byte.toUnsignedInt(plaintext[from++]) : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(count, to - from);
        System.arraycopy(plaintext, from, buffer, offset, taken);
        from += taken;
        return taken;
    }

    @Override
    public int available() {
        return to - from;
    }

    /** Answers whether there is plaintext left. */
    private boolean fill() throws IOException {
        if (closed) {
            throw new IOException("The stream is closed.");
        }
        while (from == to && !ended) {
            if (failed) {
                // A reader that tries again after a failure must not take it for the end.
                throw new DecryptionFailedException();
            }
            failed = true;
            decryptNext();
            failed = false;
        }
        return from < to;
    }

    private void decryptNext() throws IOException {
        if (cipher == null) {
            byte[] header = encrypted.readNBytes(AttachmentFormat.HEADER);
            if (header.length < AttachmentFormat.HEADER) {
                throw new EOFException("An encrypted file ended early.");
            }
            cipher = StreamCipher.decrypting(
                    key, Arrays.copyOfRange(header, AttachmentFormat.IV_START, AttachmentFormat.MAC_START));
        }
        from = 0;
        to = 0;
        // The read that reaches the end returns only when the MAC was found good.
        int read = encrypted.readNBytes(ciphertext, 0, ciphertext.length);
        to = cipher.update(ciphertext, 0, read, plaintext);
        if (read < ciphertext.length) {
            try {
                to += cipher.finish(plaintext, to);
            } catch (RejectedException e) {
                to = 0;
                throw new DecryptionFailedException();
            }
            ended = true;
        }
    }

    @Override
    public void close() throws IOException {
        Wiping.wipe(plaintext);
        closed = true;
        if (cipher != null) {
            cipher.close();
        }
        encrypted.close();
    }
}
