package io.vaultferry.testsupport.migration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vaultferry.claimcheck.GrantSeal;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.grant.Grant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Stands in for the orchestrator towards a participant under test: answers requests for grants with what the test has left
 * here, and configures the participant to ask here. Grants are left over HTTP, since Quarkus loads this class and the test in
 * different class loaders.
 */
public final class GrantingOrchestrator implements QuarkusTestResourceLifecycleManager {

    private static final String URL = "vaultferry.orchestrator.url";
    private static final String TOKEN = "an internal token for tests only, long enough";
    private static final String GRANTS = "/internal/v1/migrations/";

    private final Map<String, byte[]> grants = new ConcurrentHashMap<>();
    private HttpServer server;
    private ExecutorService threads;
    private Path directory;

    /** Leaves a grant for a participant to fetch, in the place of an earlier one. */
    public static void leave(Participant participant, MigrationId migration, Grant grant) {
        URI place = URI.create(ConfigProvider.getConfig().getValue(URL, String.class))
                .resolve(GRANTS + migration + "/grants/" + grant.side());
        byte[] sealed = new GrantSeal(InternalToken.of(TOKEN), participant).seal(migration, grant);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(place)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(sealed))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() != 204) {
                throw new IllegalStateException("the grant was not taken: " + answer.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("vaultferry-participant");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext(GRANTS, this::answer);
        server.start();
        return Map.of(
                URL,
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "vaultferry.internal.token",
                TOKEN,
                "vaultferry.outbound.allow-insecure-servers",
                "true",
                "vaultferry.staging.directory",
                directory.resolve("staging").toString(),
                "quarkus.http.test-port",
                "0");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                grants.put(path, body);
                exchange.sendResponseHeaders(204, -1);
            }
            default -> {
                Optional<byte[]> grant = Optional.ofNullable(grants.get(path));
                exchange.sendResponseHeaders(
                        grant.isPresent() ? 200 : 404,
                        grant.map(bytes -> (long) bytes.length).orElse(-1L));
                if (grant.isPresent()) {
                    exchange.getResponseBody().write(grant.get());
                }
            }
        }
        exchange.close();
    }

    @Override
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
