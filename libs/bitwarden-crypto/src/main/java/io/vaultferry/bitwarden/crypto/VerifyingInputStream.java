package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmac;
import io.vaultferry.bitwarden.crypto.hazmat.StreamMac;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Passes an encrypted file through unchanged while it checks the MAC. The read that would hand out the last byte throws
 * instead when the file is not genuine, so a consumer that sends the bytes on can never complete a damaged file. Needs no
 * memory but the caller's buffer. For one thread.
 *
 * <p>{@code read} throws {@link DecryptionFailedException} for a wrong key or altered data,
 * {@link UnsupportedEncryptionException} for another type of file, {@link EOFException} when the stream ends early, and
 * {@link IOException} when it does not end; and goes on throwing when it is called again.
 */
public final class VerifyingInputStream extends FilterInputStream {
    private final StreamMac mac;
    private final byte[] header = new byte[AttachmentFormat.HEADER];
    private final long length;
    private long position;
    private boolean genuine;

    /**
     * @param encrypted closed together with this stream
     * @param encryptedLength the exact length
     * @param contentKey may be closed once this constructor returned
     * @throws InvalidEncStringException no encrypted file has this length
     */
    public VerifyingInputStream(InputStream encrypted, long encryptedLength, SymmetricKey contentKey) {
        super(encrypted);
        AttachmentFormat.requirePossibleEncryptedSize(encryptedLength);
        this.length = encryptedLength;
        this.mac = new StreamMac(contentKey.raw());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (position == length) {
            if (genuine) {
                return -1;
            }
            throw new DecryptionFailedException();
        }
        int read = in.read(buffer, offset, (int) Math.min(count, length - position));
        if (read < 0) {
            throw new EOFException("An encrypted file ended early.");
        }
        absorb(buffer, offset, read);
        if (position == length) {
            boolean handedOut = false;
            try {
                requireGenuine();
                handedOut = true;
            } finally {
                if (!handedOut) {
                    Arrays.fill(buffer, offset, offset + read, (byte) 0);
                }
            }
        }
        return read;
    }

    private void absorb(byte[] buffer, int offset, int count) {
        int ofHeader = (int) Math.min(count, Math.max(0, AttachmentFormat.HEADER - position));
        if (ofHeader > 0) {
            System.arraycopy(buffer, offset, header, (int) position, ofHeader);
            AttachmentFormat.requireType(header[0]);
            if (position + ofHeader == AttachmentFormat.HEADER) {
                mac.update(header, AttachmentFormat.IV_START, AesCbcHmac.IV_LENGTH);
            }
        }
        mac.update(buffer, offset + ofHeader, count - ofHeader);
        position += count;
    }

    private void requireGenuine() throws IOException {
        byte[] expected = Arrays.copyOfRange(header, AttachmentFormat.MAC_START, AttachmentFormat.HEADER);
        boolean matches = mac.finishesWith(expected);
        if (in.read() >= 0) {
            throw new IOException("An encrypted file is longer than announced.");
        }
        if (!matches) {
            throw new DecryptionFailedException();
        }
        genuine = true;
    }

    /** Reads what it skips, since it has to be checked. */
    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, count))];
        long done = 0;
        while (done < count) {
            int read = read(skipped, 0, (int) Math.min(skipped.length, count - done));
            if (read < 0) {
                break;
            }
            done += read;
        }
        return done;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(in.available(), length - position);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        mac.close();
        super.close();
    }
}
