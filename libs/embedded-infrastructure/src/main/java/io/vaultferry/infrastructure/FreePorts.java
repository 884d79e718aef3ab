package io.vaultferry.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface that nobody listens on. */
public final class FreePorts {

    /**
     * Below the ports that Linux (from 32768 on), Windows and macOS (from 49152 on) give to outgoing connections: a program takes
     * seconds until it binds its port, and in that time the system would give it to one of the hundreds of connections that its
     * neighbours open.
     */
    private static final int FIRST = 20_000;

    private static final int END = 32_000;
    private static final int MOST_TRIES = 1_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /**
     * A port that was free a moment ago, and that this process was not given before. Whoever binds it must be ready to lose the
     * race against other processes, and ask again.
     */
    public static synchronized int next() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException("No free port on 127.0.0.1 from " + FIRST + " to " + (END - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Ports of 127.0.0.1 cannot be bound", e);
        }
    }
}
