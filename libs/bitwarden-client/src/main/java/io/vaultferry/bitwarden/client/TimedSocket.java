package io.vaultferry.bitwarden.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket, without any proxy, whose reads have limits of time and end when their thread is interrupted. The limits hold below TLS, where a record that arrives byte by byte is
 * one read to everybody above.
 */
final class TimedSocket extends Socket {
    private static final int LONGEST_TURN = 500;

    private volatile Patience patience = new WithoutLimit();
    private volatile int latestTurn;

    TimedSocket() {
        super(Proxy.NO_PROXY);
    }

    /** Lets all reads together take so long, until told otherwise; then they end with a {@link SocketTimeoutException}. */
    void waitUntilAllIsRead(Duration within) {
        patience = new UntilThen(System.nanoTime() + within.toNanos());
    }

    /**
     * Lets each read take so long; and all of them together, once they have waited so long, only as long as they get so much for
     * it. They end with a {@link SocketTimeoutException} or with {@link TooSlow}.
     *
     * @param slowest bytes for each second of waiting
     */
    void waitForEachRead(Duration idle, int slowest) {
        patience = new WhileItFlows(idle, slowest);
    }

    /** Somebody else watches the time, and closes the socket. */
    void waitWithoutLimit() {
        patience = new WithoutLimit();
    }

    /** TLS sets it too, when it closes. */
    @Override
    public void setSoTimeout(int millis) throws SocketException {
        super.setSoTimeout(millis);
        latestTurn = millis;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Arriving(super.getInputStream());
    }

    /** So much arrives in so long a time that the whole would take days. */
    static final class TooSlow extends InterruptedIOException {
        private static final long serialVersionUID = 1L;
    }

    private sealed interface Patience {
        /** For the next read, in milliseconds; 0 for as long as it takes. */
        int millis() throws SocketTimeoutException;

        void arrived(int count, long waitedNanos) throws TooSlow;
    }

    private record WithoutLimit() implements Patience {
        @Override
        public int millis() {
            return 0;
        }

        @Override
        public void arrived(int count, long waitedNanos) {}
    }

    private record UntilThen(long deadline) implements Patience {
        @Override
        public int millis() throws SocketTimeoutException {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            return Math.clamp(left / 1_000_000, 1, Integer.MAX_VALUE);
        }

        @Override
        public void arrived(int count, long waitedNanos) {}
    }

    /** Used by one thread at a time. */
    private static final class WhileItFlows implements Patience {
        private final long idleNanos;
        private final double slowestPerNano;
        private long waited;
        private long arrived;

        WhileItFlows(Duration idle, int slowest) {
            this.idleNanos = idle.toNanos();
            this.slowestPerNano = slowest / 1e9;
        }

        @Override
        public int millis() {
            return Math.clamp(idleNanos / 1_000_000, 1, Integer.MAX_VALUE);
        }

        @Override
        public void arrived(int count, long waitedNanos) throws TooSlow {
            waited += waitedNanos;
            arrived += count;
            if (waited > idleNanos && arrived < slowestPerNano * waited) {
                throw new TooSlow();
            }
        }
    }

    private final class Arriving extends FilterInputStream {
        Arriving(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Patience now = patience;
            int limit = now.millis();
            long asked = System.nanoTime();
            int read = read(target, offset, length, limit == 0 ? Long.MAX_VALUE : asked + limit * 1_000_000L);
            now.arrived(Math.max(0, read), System.nanoTime() - asked);
            return read;
        }

        /** Waits in short turns: a thread that reads from a socket does not notice that it is interrupted. */
        private int read(byte[] target, int offset, int length, long deadline) throws IOException {
            while (true) {
                long left = deadline == Long.MAX_VALUE ? LONGEST_TURN : (deadline - System.nanoTime()) / 1_000_000;
                int turn = Math.clamp(left, 1, LONGEST_TURN);
                if (turn != latestTurn) {
                    setSoTimeout(turn);
                }
                try {
                    return in.read(target, offset, length);
                } catch (SocketTimeoutException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedIOException();
                    }
                    if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0) {
                        throw e;
                    }
                }
            }
        }
    }
}
