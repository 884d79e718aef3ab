package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.http.Response;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * An answer that leaves no faster than so many bytes a second, as over a narrow line.
 *
 * @param whole the answer
 * @param bytesPerSecond at least 1
 */
record SlowBody(Response.Body whole, long bytesPerSecond) implements Response.Body {

    private static final int PIECE = 16 * 1024;

    @Override
    public OptionalLong length() {
        return whole.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        whole.writeTo(new Narrow(out, bytesPerSecond));
    }

    private static final class Narrow extends FilterOutputStream {

        private final long bytesPerSecond;
        private final long began = System.nanoTime();
        private long sent;

        Narrow(OutputStream out, long bytesPerSecond) {
            super(out);
            this.bytesPerSecond = bytesPerSecond;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += PIECE) {
                int piece = Math.min(PIECE, length - done);
                out.write(bytes, offset + done, piece);
                sent += piece;
                await();
            }
        }

        private void await() throws IOException {
            double due = (double) sent / bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
            try {
                TimeUnit.NANOSECONDS.sleep((long) due - (System.nanoTime() - began));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
