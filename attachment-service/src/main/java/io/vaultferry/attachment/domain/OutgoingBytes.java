package io.vaultferry.attachment.domain;

import io.vaultferry.messaging.StepContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes on their way to the target: their header is noted as it passes, and they are stopped before the lease of the work ends. */
final class OutgoingBytes extends FilterInputStream {

    private final StepContext lease;
    private final Passes passes;
    private final FileHeader header = new FileHeader();
    private long sent;

    OutgoingBytes(InputStream in, StepContext lease, Passes passes) {
        super(in);
        this.lease = lease;
        this.passes = passes;
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
            header.pass(buffer, offset, read);
            sent += read;
            passes.sent(sent);
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

    /** Of what was read. */
    FileHeader header() {
        return header;
    }
}
