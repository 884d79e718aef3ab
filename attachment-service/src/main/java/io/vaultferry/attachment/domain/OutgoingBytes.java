package io.vaultferry.attachment.domain;

import io.vaultferry.messaging.StepContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Bytes on their way to the target: hashed as they pass, and stopped before the lease of the work ends. */
final class OutgoingBytes extends FilterInputStream {

    private final StepContext lease;
    private final MessageDigest digest;

    OutgoingBytes(InputStream in, StepContext lease) {
        super(in);
        this.lease = lease;
        this.digest = sha256();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int read = read(one, 0, 1);
        return read < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        lease.checkpoint();
        int read = super.read(buffer, offset, count);
        // The source may have been slow, or this process frozen: what came after the lease had ended must not leave.
        lease.checkpoint();
        if (read > 0) {
            digest.update(buffer, offset, read);
        }
        return read;
    }

    @Override
    public long skip(long count) {
        throw new UnsupportedOperationException("every byte is sent");
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** SHA-256 of what was read. */
    byte[] sha256OfAll() {
        return digest.digest();
    }
}
