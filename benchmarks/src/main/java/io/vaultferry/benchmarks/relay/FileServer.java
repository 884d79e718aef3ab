package io.vaultferry.benchmarks.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attachment calls of a Bitwarden server, and nothing else of one, as cheap as possible: over plain HTTP on loopback, with a
 * thread for each connection. The item's id says how large its files are; their bytes are {@link SyntheticFile}s until others
 * are sent. What is sent is counted and forgotten, or kept with {@code --keep DIR} and served from then on.
 *
 * <pre>
 * GET  /api/ciphers/{size}/attachment/{name}   a link, as JSON
 * POST /api/ciphers/{size}/attachment/{name}   a form with one file
 * PUT  /files/{size}/{name}                    the bare bytes, for curl
 * GET  /files/{size}/{name}                    the bytes
 * </pre>
 */
public final class FileServer {

    private static final int BUFFER = 256 * 1024;
    private static final String CONTENT_LENGTH = "content-length";

    private final Optional<Path> kept;
    private final Map<Long, SyntheticFile> synthetic = new ConcurrentHashMap<>();
    private final Map<String, Content> stored = new ConcurrentHashMap<>();
    private final ServerSocket listener;

    private FileServer(Optional<Path> kept) throws IOException {
        this.kept = kept;
        this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    }

    /** Where the bytes of a kept file stand within what was sent. */
    private record Content(Path file, long offset, long length) {}

    public static void main(String[] arguments) throws IOException {
        FileServer server = new FileServer(
                arguments.length == 2 && arguments[0].equals("--keep")
                        ? Optional.of(Path.of(arguments[1]))
                        : Optional.empty());
        Thread.ofPlatform().daemon().name("listener").start(server::accept);
        System.out.println("http://127.0.0.1:" + server.listener.getLocalPort());
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            System.err.println("the listener ended: " + e);
            System.exit(1);
        }
    }

    private void serve(Socket connection) {
        try (Socket socket = connection) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            OutputStream out = socket.getOutputStream();
            Optional<Request> request = Request.read(in);
            while (request.isPresent()) {
                answer(request.get(), in, out);
                request = Request.read(in);
            }
        } catch (IOException e) {
            // Clients hang up as they like; what they did not get they find out themselves.
        }
    }

    private record Request(String method, List<String> path, Map<String, String> headers) {

        static Optional<Request> read(InputStream in) throws IOException {
            Optional<String> first = line(in);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            String[] words = first.get().split(" ", -1);
            Map<String, String> headers = new HashMap<>();
            for (String line = requiredLine(in); !line.isEmpty(); line = requiredLine(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return Optional.of(new Request(words[0], List.of(words[1].split("/", -1)), headers));
        }

        private static Optional<String> line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return Optional.empty();
                }
                line.append((char) c);
            }
            return Optional.of(line.toString().strip());
        }

        static String requiredLine(InputStream in) throws IOException {
            return line(in).orElseThrow(EOFException::new);
        }

        String name() {
            return path.getLast();
        }

        /** The third of {@code /api/ciphers/{size}/attachment/{name}}, the second of {@code /files/{size}/{name}}. */
        String size() {
            return path.get(isFile() ? 2 : 3);
        }

        boolean isFile() {
            return path.get(1).equals("files");
        }

        String key() {
            return size() + "/" + name();
        }
    }

    private void answer(Request request, InputStream in, OutputStream out) throws IOException {
        switch (request.method()) {
            case "POST", "PUT" -> {
                take(request, in);
                send(out, 200, 0);
            }
            case "GET" -> {
                if (request.isFile()) {
                    sendFile(request, out);
                } else {
                    byte[] json = ("{\"url\":\"http://127.0.0.1:" + listener.getLocalPort() + "/files/" + request.key()
                                    + "\"}")
                            .getBytes(ISO_8859_1);
                    send(out, 200, json.length);
                    out.write(json);
                }
            }
            default -> send(out, 405, 0);
        }
    }

    private static void send(OutputStream out, int status, long length) throws IOException {
        out.write(("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + length
                        + "\r\n\r\n")
                .getBytes(ISO_8859_1));
    }

    private void sendFile(Request request, OutputStream out) throws IOException {
        Content content = stored.get(request.key());
        if (content == null) {
            SyntheticFile file = synthetic.computeIfAbsent(Long.valueOf(request.size()), SyntheticFile::new);
            send(out, 200, file.length());
            file.writeTo(out);
            return;
        }
        send(out, 200, content.length());
        try (InputStream bytes = Files.newInputStream(content.file())) {
            bytes.skipNBytes(content.offset());
            byte[] buffer = new byte[BUFFER];
            for (long left = content.length(); left > 0; ) {
                int read = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException();
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private void take(Request request, InputStream in) throws IOException {
        Optional<Path> file = kept.map(directory -> directory.resolve(request.size() + "-" + request.name()));
        long length;
        try (OutputStream sink =
                file.isPresent() ? Files.newOutputStream(file.get()) : OutputStream.nullOutputStream()) {
            length = request.headers().containsKey(CONTENT_LENGTH)
                    ? copy(in, sink, Long.parseLong(request.headers().get(CONTENT_LENGTH)))
                    : copyChunks(in, sink);
        }
        if (file.isPresent()) {
            stored.put(request.key(), content(request, file.get(), length));
        }
    }

    /** Where the file stands in a form: after the empty line, and before the line that closes the form. */
    private static Content content(Request request, Path file, long length) throws IOException {
        String type = request.headers().getOrDefault("content-type", "");
        if (!type.startsWith("multipart/form-data")) {
            return new Content(file, 0, length);
        }
        String boundary = type.substring(type.indexOf("boundary=") + "boundary=".length());
        int tail = ("\r\n--" + boundary + "--\r\n").length();
        try (InputStream form = Files.newInputStream(file)) {
            String head = new String(form.readNBytes(1024), ISO_8859_1);
            int offset = head.indexOf("\r\n\r\n") + 4;
            return new Content(file, offset, length - offset - tail);
        }
    }

    private static long copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            out.write(buffer, 0, read);
            left -= read;
        }
        return length;
    }

    private static long copyChunks(InputStream in, OutputStream out) throws IOException {
        long length = 0;
        while (true) {
            long chunk = Long.parseLong(Request.requiredLine(in), 16);
            length += copy(in, out, chunk);
            Request.requiredLine(in);
            if (chunk == 0) {
                return length;
            }
        }
    }
}
