package io.vaultferry.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Two servers with the same accounts: one with the recorded organization, one with the same under another id. */
public final class TwoServers implements QuarkusTestResourceLifecycleManager {

    public static final String SOURCE_URL = "vaultferry.test.source-url";
    public static final String TARGET_URL = "vaultferry.test.target-url";

    /** The recorded organization. */
    public static final String SOURCE_ORGANIZATION = "d34adb66-fc99-44ab-ae6b-78ef38ce20a5";

    /** The other one's. */
    public static final String TARGET_ORGANIZATION = "11111111-fc99-44ab-ae6b-78ef38ce20a5";

    public static final String OWNER = "owner@acme.example.test";
    public static final String PASSWORD = "correct horse battery staple 9";

    private Sandbox source;
    private Sandbox target;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("vaultferry-servers");
            Path seed = directory.resolve("stored.json");
            Files.writeString(seed, recordedUnderAnotherId());
            source = Sandbox.start(
                    SandboxConfig.builder().tls(false).seed(Seed.recorded()).build());
            target = Sandbox.start(SandboxConfig.builder()
                    .tls(false)
                    .seed(Seed.of(seed, directory))
                    .build());
            return Map.of(
                    SOURCE_URL,
                    source.baseUrl().toString(),
                    TARGET_URL,
                    target.baseUrl().toString(),
                    "vaultferry.outbound.allow-insecure-servers",
                    "true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        Stream.of(source, target).filter(Objects::nonNull).forEach(Sandbox::close);
    }

    /** Without files: their bytes are not needed here. */
    private static String recordedUnderAnotherId() throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (InputStream recorded = Seed.class.getResourceAsStream("recorded/stored.json")) {
            JsonNode stored = json.readTree(recorded);
            stored.path("ciphers").forEach(item -> ((ObjectNode) item).putNull("attachments"));
            return json.writeValueAsString(stored).replace(SOURCE_ORGANIZATION, TARGET_ORGANIZATION);
        }
    }
}
