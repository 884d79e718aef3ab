package io.vaultferry.bitwarden.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server at the level of bytes, for everything that no decent HTTP server does. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Script script;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** Serves one connection; it is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void serve(Connection connection) throws IOException, InterruptedException;
    }

    ScriptedServer(Script script) {
        this(ServerSocketFactory.getDefault(), script);
    }

    ScriptedServer(ServerSocketFactory sockets, Script script) {
        this.script = script;
        try {
            listening = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::listen);
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(number, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(int number, Socket socket) {
        try (socket) {
            script.serve(
                    new Connection(number, new BufferedInputStream(socket.getInputStream()), socket.getOutputStream()));
        } catch (IOException e) {
            // The client has gone, which is what many of the tests are about.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    final class Connection {
        private final int number;
        private final InputStream in;
        private final OutputStream out;

        Connection(int number, InputStream in, OutputStream out) {
            this.number = number;
            this.in = in;
            this.out = out;
        }

        int number() {
            return number;
        }

        InputStream in() {
            return in;
        }

        /** Reads a request with its body and remembers its first line. */
        String readRequest() throws IOException {
            String head = readHead();
            if (head.isEmpty()) {
                return head;
            }
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    in.skipNBytes(Long.parseLong(line.substring(15).strip()));
                }
            }
            requests.add(head.substring(0, head.indexOf(" HTTP/")));
            return head;
        }

        String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next == -1) {
                    return "";
                }
                head.append((char) next);
            }
            return head.toString();
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void answer(int status, String body) throws IOException {
            write("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
        }

        void holdForever() throws InterruptedException {
            Thread.sleep(java.time.Duration.ofMinutes(10));
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Method and path of every request that was read whole. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
