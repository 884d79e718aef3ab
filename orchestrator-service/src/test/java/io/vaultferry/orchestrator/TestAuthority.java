package io.vaultferry.orchestrator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Makes a certificate authority that sandboxes of a test use, and has the orchestrator trust it. */
public final class TestAuthority implements QuarkusTestResourceLifecycleManager {

    /** Configuration key of the directory that is given to sandboxes as their TLS directory. */
    public static final String DIRECTORY = "vaultferry.test.tls-directory";

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("vaultferry-tls");
            try (Sandbox sandbox = Sandbox.start(
                    SandboxConfig.builder().tlsDirectory(directory).build())) {
                return Map.of(
                        DIRECTORY,
                        directory.toString(),
                        "vaultferry.outbound.ca-file",
                        sandbox.caFile().orElseThrow().toString(),
                        "vaultferry.outbound.allow-insecure-servers",
                        "true");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {}
}
