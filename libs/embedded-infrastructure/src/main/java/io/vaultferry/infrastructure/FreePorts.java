package io.vaultferry.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of the loopback interface that nobody listens on. */
public final class FreePorts {

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /**
     * A port that was free a moment ago, and that this process has not been given before: programs take seconds to start and bind
     * theirs. Whoever binds it must be ready to lose the race against other processes, and ask again.
     */
    public static synchronized int next() {
        while (true) {
            int port = free();
            if (GIVEN.add(port)) {
                return port;
            }
        }
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on 127.0.0.1", e);
        }
    }
}
