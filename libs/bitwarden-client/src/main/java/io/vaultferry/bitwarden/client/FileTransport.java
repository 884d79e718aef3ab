package io.vaultferry.bitwarden.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * The way of files, for which Java's own client costs more than everything else that is done with them: blocking sockets,
 * and one buffer between two of them (docs/adr/0008). HTTP/1.1, no redirects, no proxies, the same TLS as
 * {@link HttpTransport}, which alone calls it and has checked whom.
 */
final class FileTransport implements AutoCloseable {
    /** Vaultwarden drops idle connections after 5 seconds. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(4);

    private static final int MOST_IDLE_OF_AN_ORIGIN = 16;

    private final SSLContext tls;
    private final Duration connectTimeout;
    private final Duration bodyIdle;
    private final Set<FileConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<Origin, Deque<FileConnection>> idle = new HashMap<>();
    private volatile boolean closed;

    FileTransport(ClientSettings settings, SSLContext tls) {
        this.tls = tls;
        this.connectTimeout = settings.connectTimeout();
        this.bodyIdle = settings.bodyIdleTimeout();
    }

    /**
     * The caller closes the answer.
     *
     * @param addresses of the origin, all of which may be called
     */
    HttpAnswer send(Call call, Origin origin, List<InetAddress> addresses, Map<String, String> headers)
            throws TransportFailure {
        RequestHead head = RequestHead.of(call, headers);
        Optional<FileConnection> kept = takeIdle(origin);
        FileConnection connection = kept.isPresent() ? kept.get() : connect(origin, addresses);
        boolean answered = false;
        try {
            HttpAnswer answer = call.payload().file().isPresent()
                    ? new UploadExchange(connection, call, head, bodyIdle).perform()
                    : new PlainExchange(connection, call, head, bodyIdle).perform();
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                connection.drop();
            }
        }
    }

    private FileConnection connect(Origin origin, List<InetAddress> addresses) throws TransportFailure {
        FileConnection connection =
                FileConnection.open(origin, addresses, tls, connectTimeout, this::keep, open::remove);
        open.add(connection);
        if (closed) {
            connection.drop();
        }
        return connection;
    }

    private synchronized Optional<FileConnection> takeIdle(Origin origin) {
        Deque<FileConnection> kept = idle.getOrDefault(origin, new ArrayDeque<>());
        while (!kept.isEmpty()) {
            FileConnection connection = kept.pop();
            if (!connection.isDropped() && System.nanoTime() - connection.freeSince() < LONGEST_IDLE.toNanos()) {
                return Optional.of(connection);
            }
            connection.drop();
        }
        return Optional.empty();
    }

    private synchronized void keep(FileConnection connection) {
        Deque<FileConnection> kept = idle.computeIfAbsent(connection.origin(), origin -> new ArrayDeque<>());
        kept.push(connection);
        if (closed || kept.size() > MOST_IDLE_OF_AN_ORIGIN) {
            kept.removeLast().drop();
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        closed = true;
        open.forEach(FileConnection::drop);
    }
}
