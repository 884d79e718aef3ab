package io.vaultferry.sandbox.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/1.1 over blocking sockets, one virtual thread for each connection. A handler runs to its end even when the
 * client has hung up meanwhile.
 */
public final class HttpServer implements AutoCloseable {

    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_QUEUE = 1024;
    private static final int LONGEST_BUFFERED_BODY = 256 * 1024;
    /** What is read and thrown away of a body that the handler did not want, before the connection is given up. */
    private static final long LONGEST_DRAIN = 64L * 1024 * 1024;

    private static final long ACCEPT_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration BODY_TIMEOUT = Duration.ofMinutes(2);

    /** Answers requests; called by many threads at once. */
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request) throws IOException;
    }

    /** Told once for each request, after its answer was sent or cut. */
    @FunctionalInterface
    public interface Observer {
        void answered(Request request, Response response, long bytesSent);
    }

    private final ServerSocket listener;
    private final Optional<SSLContext> tls;
    private final Duration keepAlive;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private HttpServer(ServerSocket listener, Optional<SSLContext> tls, Duration keepAlive) {
        this.listener = listener;
        this.tls = tls;
        this.keepAlive = keepAlive;
    }

    /** Takes the port; connections wait until {@link #serve}. An idle connection is closed after {@code keepAlive}. */
    public static HttpServer bind(String bindAddress, int port, Optional<SSLContext> tls, Duration keepAlive) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            try {
                listener.bind(new InetSocketAddress(InetAddress.getByName(bindAddress), port), LONGEST_QUEUE);
            } catch (IOException e) {
                listener.close();
                throw new IOException("cannot listen on " + bindAddress + ":" + port + ": " + e.getMessage(), e);
            }
            return new HttpServer(listener, tls, keepAlive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to answer. */
    public void serve(Handler handler, Observer observer) {
        Thread.ofPlatform().daemon().name("sandbox-" + port()).start(() -> acceptConnections(handler, observer));
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections at once. Handlers that are running still finish. */
    @Override
    public void close() {
        closeQuietly(listener);
        connections.forEach(HttpServer::closeQuietly);
    }

    private void acceptConnections(Handler handler, Observer observer) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().name("sandbox-connection").start(() -> serve(socket, handler, observer));
            } catch (IOException e) {
                // Closed, or out of file descriptors for a moment.
                LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
            }
        }
    }

    private void serve(Socket socket, Handler handler, Observer observer) {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(keepAlive.toMillis()));
            Socket speaking = tls.isPresent() ? secure(socket, tls.get()) : socket;
            InputStream in = new BufferedInputStream(speaking.getInputStream(), 64 * 1024);
            OutputStream out = speaking.getOutputStream();
            while (serveOne(socket, in, out, handler, observer)) {
                socket.setSoTimeout(Math.toIntExact(keepAlive.toMillis()));
            }
            // A TLS connection ends with a closing alert, not only with the end of the stream.
            closeQuietly(speaking);
        } catch (IOException e) {
            // The client went away, was idle for too long, or does not speak TLS: there is nobody to tell.
            closeQuietly(socket);
        } finally {
            closeQuietly(socket);
            connections.remove(socket);
        }
    }

    private static SSLSocket secure(Socket socket, SSLContext context) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secured.setUseClientMode(false);
        return secured;
    }

    /** Whoever sends a request is gone before its end. */
    private static final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1L;

        ClientGoneException(Throwable cause) {
            super("the client hung up in the middle of a body", cause);
        }
    }

    /** At least one byte of a body that has not ended. */
    private static int readOfBody(InputStream in, byte[] buffer, int offset, int count) throws IOException {
        try {
            int n = in.read(buffer, offset, count);
            if (n >= 0) {
                return n;
            }
        } catch (SocketException | SSLException e) {
            throw new ClientGoneException(e);
        }
        throw new ClientGoneException(null);
    }

    private static boolean serveOne(Socket socket, InputStream in, OutputStream out, Handler handler, Observer observer)
            throws IOException {
        Optional<String> requestLine = readLine(in, LONGEST_HEAD);
        if (requestLine.isEmpty()) {
            return false;
        }
        Instant arrivedAt = Instant.now();
        socket.setSoTimeout(Math.toIntExact(BODY_TIMEOUT.toMillis()));
        String[] parts = requestLine.get().split(" ", 3);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            out.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        Map<String, String> headers = readHeaders(in);
        InputStream body = bodyOf(headers, in, out);
        Request request = new Request(parts[0], parts[1], headers, body, arrivedAt);

        Response response;
        try {
            response = handler.handle(request);
        } catch (RuntimeException | IOException e) {
            // Whose client has died in the middle of a body has not failed, and the journal says what became of the
            // call.
            if (!(e instanceof ClientGoneException)) {
                System.err.println("sandbox: " + request.method() + " " + request.path() + " failed: " + e);
            }
            response = Response.text(500, "text/plain", "Internal Server Error");
        }
        boolean keep = false;
        long bodyBytes = 0;
        try {
            boolean drained = !response.isCutBeforeAnything() && drain(request.body());
            keep = drained
                    && !headers.getOrDefault("connection", "")
                            .toLowerCase(Locale.ROOT)
                            .contains("close");
            Sender sender = new Sender(out, response, keep);
            try {
                sender.send();
            } finally {
                bodyBytes = sender.bodyBytes;
            }
        } catch (CutException e) {
            if (!e.inTheBody) {
                reset(socket);
            }
            // Else the connection is closed as usual: after a reset the client might not even read what was sent of the
            // answer.
            keep = false;
        } finally {
            observer.answered(request, response, bodyBytes);
        }
        return keep;
    }

    private static Map<String, String> readHeaders(InputStream in) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        int budget = LONGEST_HEAD;
        while (true) {
            String line = requireLine(in, budget);
            if (line.isEmpty()) {
                return headers;
            }
            budget -= line.length();
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("malformed header");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
    }

    private static Optional<String> readLine(InputStream in, int limit) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            int b = in.read();
            if (b < 0) {
                if (line.size() == 0) {
                    return Optional.empty();
                }
                throw new EOFException();
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            if (line.size() >= limit) {
                throw new IOException("request head is too long");
            }
            line.write(b);
        }
    }

    private static String requireLine(InputStream in, int limit) throws IOException {
        return readLine(in, limit).orElseThrow(EOFException::new);
    }

    private static InputStream bodyOf(Map<String, String> headers, InputStream in, OutputStream out)
            throws IOException {
        boolean chunked = headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked");
        long length;
        try {
            length = Long.parseLong(headers.getOrDefault("content-length", "0"));
        } catch (NumberFormatException e) {
            throw new IOException("malformed Content-Length", e);
        }
        if (!chunked && length <= 0) {
            return InputStream.nullInputStream();
        }
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return chunked ? new ChunkedInputStream(in) : new FixedLengthInputStream(in, length);
    }

    private static boolean drain(InputStream body) {
        byte[] buffer = new byte[64 * 1024];
        long rest = LONGEST_DRAIN;
        try {
            while (rest > 0) {
                int n = body.read(buffer, 0, (int) Math.min(buffer.length, rest));
                if (n < 0) {
                    return true;
                }
                rest -= n;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Closing with a linger of zero sends a reset instead of an orderly end. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already by the other side: that is as good.
            closeQuietly(socket);
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // It is closed then, which is all that was wanted.
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 413 -> "Payload Too Large";
            case 422 -> "Unprocessable Entity";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status " + status;
        };
    }

    private static final class CutException extends IOException {
        private final boolean inTheBody;

        CutException(boolean inTheBody) {
            super("cut on purpose");
            this.inTheBody = inTheBody;
        }
    }

    /** Sends short bodies of unknown length with their length, long ones in chunks. */
    private static final class Sender extends OutputStream {
        private final OutputStream out;
        private final Response response;
        private final boolean keep;
        private final OptionalLong length;
        private final long limit;
        private ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private boolean headSent;
        private boolean chunked;
        private long bodyBytes;

        Sender(OutputStream out, Response response, boolean keep) {
            this.out = out;
            this.response = response;
            this.keep = keep;
            this.length = response.body().length();
            this.limit = response.cutAfter().orElse(Long.MAX_VALUE);
        }

        void send() throws IOException {
            if (limit < 0) {
                throw new CutException(false);
            }
            response.body().writeTo(this);
            if (!headSent) {
                sendHead(length.isPresent() ? length : OptionalLong.of(pending.size()));
            }
            flushPending();
            if (limit != Long.MAX_VALUE) {
                // Nothing was left to cut off: the answer's end is what is missing.
                out.flush();
                throw new CutException(false);
            }
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            pending.write(bytes, offset, count);
            if (pending.size() >= LONGEST_BUFFERED_BODY) {
                if (!headSent) {
                    sendHead(length);
                }
                flushPending();
            }
        }

        private void sendHead(OptionalLong knownLength) throws IOException {
            headSent = true;
            chunked = knownLength.isEmpty();
            StringBuilder head = new StringBuilder(256)
                    .append("HTTP/1.1 ")
                    .append(response.status())
                    .append(' ')
                    .append(reason(response.status()))
                    .append("\r\n");
            response.headers()
                    .forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
            if (knownLength.isPresent()) {
                head.append("Content-Length: ").append(knownLength.getAsLong()).append("\r\n");
            } else {
                head.append("Transfer-Encoding: chunked\r\n");
            }
            if (!keep) {
                head.append("Connection: close\r\n");
            }
            byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
            if (limit != Long.MAX_VALUE) {
                out.write(bytes);
            } else {
                // Head and beginning of the body travel in one packet.
                ByteArrayOutputStream together = new ByteArrayOutputStream(bytes.length + pending.size());
                together.writeBytes(bytes);
                if (!chunked) {
                    pending.writeTo(together);
                    bodyBytes += pending.size();
                    pending = new ByteArrayOutputStream();
                }
                together.writeTo(out);
            }
        }

        private void flushPending() throws IOException {
            byte[] bytes = pending.toByteArray();
            pending = new ByteArrayOutputStream();
            boolean cutHere = bytes.length > limit - bodyBytes;
            int count = cutHere ? (int) (limit - bodyBytes) : bytes.length;
            if (count > 0) {
                if (chunked) {
                    // A cut chunk still announces its whole size, so that the reader notices.
                    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                out.write(bytes, 0, count);
                bodyBytes += count;
                if (chunked && !cutHere) {
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
            if (cutHere) {
                out.flush();
                throw new CutException(true);
            }
        }
    }

    private static final class FixedLengthInputStream extends InputStream {
        private final InputStream in;
        private long rest;

        FixedLengthInputStream(InputStream in, long length) {
            this.in = in;
            this.rest = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (rest <= 0) {
                return -1;
            }
            int n = readOfBody(in, buffer, offset, (int) Math.min(count, rest));
            rest -= n;
            return n;
        }
    }

    private static final class ChunkedInputStream extends InputStream {
        private final InputStream in;
        private long restOfChunk;
        private boolean first = true;
        private boolean ended;

        ChunkedInputStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (ended) {
                return -1;
            }
            if (restOfChunk == 0) {
                if (!first) {
                    requireLine(in, 2);
                }
                first = false;
                String size = requireLine(in, 1024);
                int extension = size.indexOf(';');
                restOfChunk = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
                if (restOfChunk == 0) {
                    ended = true;
                    String trailer = requireLine(in, LONGEST_HEAD);
                    while (!trailer.isEmpty()) {
                        trailer = requireLine(in, LONGEST_HEAD);
                    }
                    return -1;
                }
            }
            int n = readOfBody(in, buffer, offset, (int) Math.min(count, restOfChunk));
            restOfChunk -= n;
            return n;
        }
    }
}
