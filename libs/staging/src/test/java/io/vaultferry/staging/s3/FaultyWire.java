package io.vaultferry.staging.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** A wire to a server that passes everything on until it is told to do something else to the bytes that are yet to come. */
final class FaultyWire implements AutoCloseable {

    /** What happens, once. */
    enum Fault {
        /** One bit of what goes to the server is changed. */
        REQUEST_ALTERED,
        /** The connection breaks while a request goes to the server. */
        REQUEST_CUT,
        /** The connection breaks while an answer comes back. */
        ANSWER_CUT
    }

    private record Due(Fault fault, long afterBytes) {}

    private final ServerSocket listening;
    private final URI server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Due> due = new AtomicReference<>();

    FaultyWire(URI server) {
        this.server = server;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /**
     * Lets the fault happen to the next connection on which that many bytes have gone its way.
     *
     * @param afterBytes counted on each connection from its next request on
     */
    void inject(Fault fault, long afterBytes) {
        due.set(new Due(fault, afterBytes));
    }

    /** Whether the fault that was injected last has happened. */
    boolean hasHappened() {
        return due.get() == null;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                Socket upstream = new Socket(server.getHost(), server.getPort());
                threads.execute(() -> pass(client, upstream, true));
                threads.execute(() -> pass(upstream, client, false));
            }
        } catch (IOException e) {
            // The test has ended.
            return;
        }
    }

    private void pass(Socket from, Socket to, boolean request) {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        Due counted = null;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                Due now = due.get();
                if (!Objects.equals(now, counted)) {
                    counted = now;
                    passed = 0;
                }
                passed += count;
                Optional<Fault> fault = faultAfter(passed, request);
                if (fault.isPresent() && fault.get() != Fault.REQUEST_ALTERED) {
                    out.write(buffer, 0, count / 2);
                    return;
                }
                if (fault.isPresent()) {
                    buffer[count / 2] ^= 1;
                }
                out.write(buffer, 0, count);
                count = in.read(buffer);
            }
        } catch (IOException e) {
            // One side has hung up, and so does the wire.
            return;
        }
    }

    private Optional<Fault> faultAfter(long passed, boolean request) {
        Due now = due.get();
        if (now == null || passed < now.afterBytes() || (now.fault() == Fault.ANSWER_CUT) == request) {
            return Optional.empty();
        }
        return due.compareAndSet(now, null) ? Optional.of(now.fault()) : Optional.empty();
    }
}
