package io.vaultferry.attachment.domain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Has a file on every item, of any length that it likes, and no end of zeros to send for it. */
final class HostileServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long length;

    private HostileServer(HttpServer server, long length) {
        this.server = server;
        this.length = length;
        server.setExecutor(threads);
        server.createContext("/api/config", exchange -> json(exchange, "{\"version\":\"2026.6.0\",\"server\":null}"));
        server.createContext("/api/ciphers", exchange -> json(exchange, "{\"url\":\"" + url() + "/file\"}"));
        server.createContext("/file", this::sendZeros);
        server.start();
    }

    static HostileServer start(long length) throws IOException {
        return new HostileServer(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), length);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void json(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void sendZeros(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, length);
        byte[] zeros = new byte[64 * 1024];
        for (long sent = 0; sent < length; sent += zeros.length) {
            exchange.getResponseBody().write(zeros);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
