package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Drives the official command line client {@code bw}. Each call is a process of its own, except through {@link #serve}.
 * Secrets go to the process by its
 * environment or arguments, which is fine for test data only. Not part of the server: tests and benchmarks use it against one.
 */
public final class OfficialClient {

    /** The newest that can log in to Vaultwarden 1.37.2: the next one calls an endpoint that it does not have. */
    public static final String VERSION = "2026.8.0";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MINUTES_FOR_A_CALL = 3;
    private static final int MINUTES_FOR_THE_INSTALLATION = 10;

    private final Path program;
    private final Path appData;
    private final Path caFile;
    private Optional<String> session = Optional.empty();

    /**
     * @param installation where {@link #install} put the client
     * @param appData a directory of its own for what this login keeps
     * @param caFile certificate authority of the server
     */
    public OfficialClient(Path installation, Path appData, Path caFile) {
        this.program = programIn(installation);
        this.appData = appData;
        this.caFile = caFile;
        try {
            Files.createDirectories(appData);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why the client cannot be run on this machine; empty when it can. */
    public static Optional<String> whyUnavailable() {
        for (String tool : List.of("node", "npm")) {
            try {
                Process process = new ProcessBuilder(tool, "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    return Optional.of("there is no working " + tool + " on this machine");
                }
            } catch (IOException e) {
                return Optional.of("there is no " + tool + " on this machine");
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
        return Optional.empty();
    }

    /** Installs the client into a directory, once; several tests may ask for it at the same time. */
    public static void install(Path directory) {
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (lock.isValid() && Files.exists(directory.resolve("installed-" + VERSION))) {
                    return;
                }
                Result result = run(
                        new ProcessBuilder(
                                "npm",
                                "install",
                                "--no-audit",
                                "--no-fund",
                                "--loglevel=error",
                                "--prefix",
                                directory.toAbsolutePath().toString(),
                                "@bitwarden/cli@" + VERSION),
                        MINUTES_FOR_THE_INSTALLATION);
                if (result.exitCode() != 0 || !Files.exists(programIn(directory))) {
                    throw new IllegalStateException("npm could not install the client: " + result.errors());
                }
                Files.createFile(directory.resolve("installed-" + VERSION));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path programIn(Path installation) {
        return installation.resolve("node_modules/@bitwarden/cli/build/bw.js").toAbsolutePath();
    }

    /** Must come before any login. */
    public void useServer(URI baseUrl) {
        text("config", "server", baseUrl.toString());
    }

    public void logIn(String email, String masterPassword) {
        session = Optional.of(text("login", email, masterPassword, "--raw"));
    }

    /** With the code of an authenticator. */
    public void logIn(String email, String masterPassword, String code) {
        session = Optional.of(text("login", email, masterPassword, "--method", "0", "--code", code, "--raw"));
    }

    public void logInWithApiKey(String clientId, String clientSecret, String masterPassword) {
        require(call(Map.of("BW_CLIENTID", clientId, "BW_CLIENTSECRET", clientSecret), "login", "--apikey"));
        session = Optional.of(text("unlock", masterPassword, "--raw"));
    }

    /**
     * Starts {@code bw serve}: one process that answers many calls, for reading all of an organization without paying for
     * the start of a process each time.
     */
    public Serving serve() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            ProcessBuilder builder = processBuilder(Map.of(), "serve", "--hostname", "localhost", "--port", "" + port);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Serving(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The client as a server on loopback; holds the keys, so it is closed as soon as possible. */
    public static final class Serving implements AutoCloseable {
        private final Process process;
        private final String baseUrl;
        private final HttpClient http = HttpClient.newHttpClient();

        private Serving(Process process, int port) {
            this.process = process;
            this.baseUrl = "http://localhost:" + port;
            Instant deadline = Instant.now().plus(Duration.ofMinutes(MINUTES_FOR_A_CALL));
            while (!answers()) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    close();
                    throw new AssertionError("bw serve did not begin to answer");
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }

        private boolean answers() {
            try {
                return send("GET", "/status").statusCode() == 200;
            } catch (IOException e) {
                return false;
            }
        }

        public void sync() {
            json("POST", "/sync?force=true");
        }

        public JsonNode items(String organizationId) {
            return list("items?organizationId=" + organizationId);
        }

        public JsonNode trashedItems(String organizationId) {
            return list("items?trash=true&organizationId=" + organizationId);
        }

        public JsonNode collections(String organizationId) {
            return list("org-collections?organizationId=" + organizationId);
        }

        public JsonNode members(String organizationId) {
            return list("org-members?organizationId=" + organizationId);
        }

        /** One collection with the groups and members that may see it. */
        public JsonNode collection(String organizationId, String collectionId) {
            return json("GET", "/object/org-collection/" + collectionId + "?organizationId=" + organizationId);
        }

        /** Downloads and decrypts a file. */
        public byte[] attachment(String itemId, String attachmentId) {
            return require("GET", "/object/attachment/" + attachmentId + "?itemid=" + itemId);
        }

        public void restoreItem(String itemId) {
            json("POST", "/restore/item/" + itemId);
        }

        public void trashItem(String itemId) {
            json("DELETE", "/object/item/" + itemId);
        }

        private JsonNode list(String what) {
            return json("GET", "/list/object/" + what).get("data");
        }

        private JsonNode json(String method, String path) {
            try {
                return JSON.readTree(require(method, path)).path("data");
            } catch (IOException e) {
                throw new AssertionError("bw serve answered no JSON to " + path, e);
            }
        }

        private byte[] require(String method, String path) {
            try {
                HttpResponse<byte[]> response = send(method, path);
                if (response.statusCode() != 200) {
                    throw new AssertionError("bw serve answered " + response.statusCode() + " to " + path + ": "
                            + new String(response.body(), StandardCharsets.UTF_8));
                }
                return response.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private HttpResponse<byte[]> send(String method, String path) throws IOException {
            HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(Duration.ofMinutes(MINUTES_FOR_A_CALL))
                    .build();
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void close() {
            process.destroy();
            http.close();
        }
    }

    /** Makes an item from its JSON, as {@code bw get template item} shows it. */
    public JsonNode createItem(JsonNode item, String organizationId) {
        return json("create", "item", encode(item), "--organizationid", organizationId);
    }

    public JsonNode createCollection(JsonNode collection, String organizationId) {
        return json("create", "org-collection", encode(collection), "--organizationid", organizationId);
    }

    public JsonNode createAttachment(Path file, String itemId) {
        return json("create", "attachment", "--file", file.toAbsolutePath().toString(), "--itemid", itemId);
    }

    private static String encode(JsonNode json) {
        return Base64.getEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Any call that prints JSON. */
    public JsonNode json(String... arguments) {
        String output = text(arguments);
        try {
            return JSON.readTree(output);
        } catch (IOException e) {
            throw new AssertionError("bw " + arguments[0] + " printed no JSON", e);
        }
    }

    /** Any call; what it prints. */
    public String text(String... arguments) {
        return require(call(Map.of(), arguments)).output().strip();
    }

    /** How a call ended. */
    public record Result(String command, int exitCode, String output, String errors) {}

    private static Result require(Result result) {
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    "bw " + result.command() + " ended with " + result.exitCode() + ": " + result.errors());
        }
        return result;
    }

    /** Any call, with more variables in its environment; for those that shall fail. */
    public Result call(Map<String, String> environment, String... arguments) {
        try {
            return run(processBuilder(environment, arguments), MINUTES_FOR_A_CALL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder processBuilder(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("NODE_EXTRA_CA_CERTS", caFile.toAbsolutePath().toString());
        variables.put("BITWARDENCLI_APPDATA_DIR", appData.toAbsolutePath().toString());
        variables.put("BW_NOINTERACTION", "true");
        session.ifPresent(key -> variables.put("BW_SESSION", key));
        builder.environment().putAll(variables);
        return builder;
    }

    private static Result run(ProcessBuilder builder, int minutes) throws IOException {
        Path output = Files.createTempFile("bw", ".out");
        Path errors = Files.createTempFile("bw", ".err");
        try {
            Process process = builder.redirectInput(ProcessBuilder.Redirect.from(output.toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + minutes + " minutes");
            }
            return new Result(
                    builder.command().stream()
                            .skip(2)
                            .limit(2)
                            .reduce((a, b) -> a + " " + b)
                            .orElse(""),
                    process.exitValue(),
                    Files.readString(output),
                    Files.readString(errors));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }
}
