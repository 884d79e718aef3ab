package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Drives the official command line client {@code bw}. Each call is a process of its own. Secrets go to the process by its
 * environment or arguments, which is fine for test data only.
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

    public void sync() {
        text("sync", "--force");
    }

    public JsonNode items(String organizationId) {
        return json("list", "items", "--organizationid", organizationId);
    }

    public JsonNode trashedItems(String organizationId) {
        return json("list", "items", "--trash", "--organizationid", organizationId);
    }

    public JsonNode collections(String organizationId) {
        return json("list", "org-collections", "--organizationid", organizationId);
    }

    /** One collection with the groups and members that may see it. */
    public JsonNode collection(String organizationId, String collectionId) {
        return json("get", "org-collection", collectionId, "--organizationid", organizationId);
    }

    public JsonNode members(String organizationId) {
        return json("list", "org-members", "--organizationid", organizationId);
    }

    /** Downloads and decrypts a file. */
    public byte[] attachment(String itemId, String attachmentId) {
        try {
            Path file = Files.createTempFile(appData, "attachment", ".bin");
            text(
                    "get",
                    "attachment",
                    attachmentId,
                    "--itemid",
                    itemId,
                    "--output",
                    file.toAbsolutePath().toString());
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    public void restoreItem(String itemId) {
        text("restore", "item", itemId);
    }

    public void trashItem(String itemId) {
        text("delete", "item", itemId);
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
        List<String> command = new ArrayList<>(List.of("node", program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("NODE_EXTRA_CA_CERTS", caFile.toAbsolutePath().toString());
        variables.put("BITWARDENCLI_APPDATA_DIR", appData.toAbsolutePath().toString());
        variables.put("BW_NOINTERACTION", "true");
        session.ifPresent(key -> variables.put("BW_SESSION", key));
        builder.environment().putAll(variables);
        try {
            return run(builder, MINUTES_FOR_A_CALL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
