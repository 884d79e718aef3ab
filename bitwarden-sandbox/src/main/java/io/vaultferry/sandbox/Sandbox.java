package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.sandbox.admin.AdminApi;
import io.vaultferry.sandbox.admin.FaultTable;
import io.vaultferry.sandbox.admin.Journal;
import io.vaultferry.sandbox.http.CertificateAuthority;
import io.vaultferry.sandbox.http.HttpServer;
import io.vaultferry.sandbox.server.BitwardenServer;
import io.vaultferry.sandbox.server.RateLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A running Bitwarden-compatible server. Several may run in one JVM. */
public final class Sandbox implements AutoCloseable {

    private final SandboxConfig config;
    private final Optional<Path> temporaryDirectory;
    private final Path attachments;
    private final Optional<CertificateAuthority> authority;
    private final HttpServer listener;
    private final HttpServer adminListener;
    private final URI baseUrl;
    private volatile BitwardenServer server;
    private boolean closed;

    private Sandbox(SandboxConfig config) {
        this.config = config;
        this.temporaryDirectory =
                config.dataDirectory().isPresent() ? Optional.empty() : Optional.of(makeTemporaryDirectory());
        Path data = config.dataDirectory().orElseGet(temporaryDirectory::get);
        this.attachments = data.resolve("attachments");
        this.authority = config.tls()
                ? Optional.of(CertificateAuthority.in(config.tlsDirectory().orElse(data.resolve("tls"))))
                : Optional.empty();
        this.listener = HttpServer.bind(
                config.bindAddress(),
                config.port(),
                authority.map(ca -> ca.serverContext(config.hostNames())),
                config.keepAlive());
        this.baseUrl = URI.create((config.tls() ? "https" : "http") + "://"
                + config.hostNames().get(0) + ":" + listener.port() + config.basePath());
        this.server = new BitwardenServer(config, baseUrl.toString(), attachments);
        this.adminListener = HttpServer.bind("127.0.0.1", config.adminPort(), Optional.empty(), config.keepAlive());
    }

    /** Starts a server and returns when it answers. */
    public static Sandbox start(SandboxConfig config) {
        Sandbox sandbox = new Sandbox(config);
        sandbox.listener.serve(
                request -> sandbox.server.handle(request),
                (request, response, bytes) -> sandbox.server.answered(request, response, bytes));
        AdminApi admin = new AdminApi(sandbox.new Administration());
        sandbox.adminListener.serve(admin::handle, (request, response, bytes) -> {});
        return sandbox;
    }

    /** For example {@code https://localhost:40123}; what a Bitwarden client is given as the server's address. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** For example {@code http://127.0.0.1:40124}. */
    public URI adminUrl() {
        return URI.create("http://127.0.0.1:" + adminListener.port());
    }

    /** The certificate authority that signed the server's certificate, as a PEM file; empty without TLS. */
    public Optional<Path> caFile() {
        return authority.map(CertificateAuthority::file);
    }

    /** Sets a fault; several may be set, the first that hits a call wins. */
    public void addFault(Fault fault) {
        server.faults().add(fault);
    }

    public void clearFaults() {
        server.faults().clear();
    }

    /** Calls with a number greater than {@code after}, in the order of their ends. */
    public List<JournalEntry> journal(long after) {
        return server.journal().after(after);
    }

    /** Calls by endpoint and status, for example {@code POST /api/ciphers/import-organization 200}. */
    public Map<String, Long> counters() {
        return server.journal().counters();
    }

    /** Makes every token of an account worthless, as a changed password does; false when there is no such account. */
    public boolean endSessions(String email) {
        return server.endSessions(email);
    }

    /** Writes the snapshot, when one was configured, ends all connections and removes temporary files. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        listener.close();
        adminListener.close();
        config.snapshotFile().ifPresent(server::saveSnapshot);
        temporaryDirectory.ifPresent(Sandbox::deleteTree);
    }

    private static Path makeTemporaryDirectory() {
        try {
            return Files.createTempDirectory("bitwarden-sandbox");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Administration implements AdminApi.Server {
        @Override
        public JsonNode describe() {
            return server.describe();
        }

        @Override
        public boolean endSessions(String email) {
            return server.endSessions(email);
        }

        @Override
        public boolean saveSnapshot() {
            config.snapshotFile().ifPresent(server::saveSnapshot);
            return config.snapshotFile().isPresent();
        }

        @Override
        public void reset() {
            config.snapshotFile().ifPresent(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            deleteTree(attachments);
            server = new BitwardenServer(config, baseUrl.toString(), attachments);
        }

        @Override
        public FaultTable faults() {
            return server.faults();
        }

        @Override
        public Journal journal() {
            return server.journal();
        }

        @Override
        public AdminApi.RateLimitView rateLimit() {
            RateLimit limit = server.rateLimit();
            return new AdminApi.RateLimitView(limit.perSecond(), limit.allowed(), limit.refused());
        }

        @Override
        public void setRateLimit(int perSecond) {
            server.rateLimit().set(perSecond);
        }
    }
}
