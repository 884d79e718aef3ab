package io.vaultferry.bitwarden.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Ends with an {@link IOException} when an answer is too long, in bytes or in time. */
final class BoundedInputStream extends FilterInputStream {
    private final long deadline;
    private long remaining;

    BoundedInputStream(InputStream in, long mostBytes, Duration longest) {
        super(in);
        this.remaining = mostBytes;
        this.deadline = System.nanoTime() + longest.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            remaining -= count;
        }
        if (remaining < 0) {
            throw new IOException("the answer is too long");
        }
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("the answer takes too long");
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[Math.clamp(count, 0, 8192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
