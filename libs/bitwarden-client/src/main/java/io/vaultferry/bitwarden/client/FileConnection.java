package io.vaultferry.bitwarden.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection to a server, used for one exchange at a time. Any thread may {@link #drop()} it, which ends whatever the others
 * are doing with it.
 */
final class FileConnection {
    private final Origin origin;
    private final Consumer<FileConnection> whenFree;
    private final Consumer<FileConnection> whenDropped;

    /** Below TLS: closing this one waits for nobody. */
    private final TimedSocket socket;

    private final InputStream in;
    private final OutputStream out;
    private volatile boolean dropped;
    private volatile boolean stoppedSending;
    private long freeSince;

    private FileConnection(
            Origin origin,
            TimedSocket socket,
            Socket outer,
            Consumer<FileConnection> whenFree,
            Consumer<FileConnection> whenDropped)
            throws IOException {
        this.origin = origin;
        this.whenFree = whenFree;
        this.whenDropped = whenDropped;
        this.socket = socket;
        this.in = new BufferedInputStream(outer.getInputStream());
        this.out = outer.getOutputStream();
    }

    /**
     * Connects to one of the addresses, without any proxy, and speaks TLS where the origin is https.
     *
     * @param whenFree told each time when the connection can carry another request
     * @param whenDropped told once
     */
    static FileConnection open(
            Origin origin,
            List<InetAddress> addresses,
            SSLContext tls,
            Duration within,
            Consumer<FileConnection> whenFree,
            Consumer<FileConnection> whenDropped)
            throws TransportFailure {
        TimedSocket socket = connect(origin, addresses, within);
        try {
            socket.setTcpNoDelay(true);
            Socket outer = origin.isHttps() ? handshake(origin, socket, tls, within) : socket;
            return new FileConnection(origin, socket, outer, whenFree, whenDropped);
        } catch (IOException e) {
            close(socket);
            throw TransportFailure.ofTls(origin, e, false).orElseGet(() -> TransportFailure.noConnection(origin));
        }
    }

    private static TimedSocket connect(Origin origin, List<InetAddress> addresses, Duration within)
            throws TransportFailure {
        long deadline = System.nanoTime() + within.toNanos();
        for (InetAddress address : addresses) {
            int millis = (int) Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (millis <= 0) {
                break;
            }
            TimedSocket socket = new TimedSocket();
            try {
                socket.connect(new InetSocketAddress(address, origin.port()), millis);
                return socket;
            } catch (IOException e) {
                // Maybe another address of the host takes it.
                close(socket);
            }
        }
        throw TransportFailure.noConnection(origin);
    }

    private static SSLSocket handshake(Origin origin, TimedSocket socket, SSLContext tls, Duration within)
            throws IOException {
        SSLSocket secure = (SSLSocket)
                tls.getSocketFactory().createSocket(socket, withoutBrackets(origin.host()), origin.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(HttpTransport.tlsProtocols());
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        socket.waitUntilAllIsRead(within);
        secure.startHandshake();
        return secure;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more either way.
        }
    }

    Origin origin() {
        return origin;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Whose limits of time hold for {@link #in()}. */
    TimedSocket socket() {
        return socket;
    }

    /** Ends a write that hangs, and lets what the server has answered be read. */
    void stopSending() {
        stoppedSending = true;
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // Closed meanwhile: then nobody is sending.
        }
    }

    /** The exchange is over, and the connection could carry another one. */
    void giveBack() {
        if (stoppedSending) {
            drop();
        } else {
            freeSince = System.nanoTime();
            whenFree.accept(this);
        }
    }

    /** By {@link System#nanoTime}. */
    long freeSince() {
        return freeSince;
    }

    void drop() {
        dropped = true;
        close(socket);
        whenDropped.accept(this);
    }

    boolean isDropped() {
        return dropped;
    }
}
