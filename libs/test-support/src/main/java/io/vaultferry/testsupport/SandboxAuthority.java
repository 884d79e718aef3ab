package io.vaultferry.testsupport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Has the participant under test trust the authority of the test's sandboxes, and wait for milliseconds where it waits for
 * seconds in earnest: sandboxes come to rest at once.
 */
public final class SandboxAuthority implements QuarkusTestResourceLifecycleManager {

    /** Configuration key of the directory that is given to sandboxes as their TLS directory. */
    public static final String TLS_DIRECTORY = "vaultferry.test.tls-directory";

    private Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("vaultferry-tls-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Sandbox sandbox =
                Sandbox.start(SandboxConfig.builder().tlsDirectory(directory).build())) {
            return Map.of(
                    TLS_DIRECTORY,
                    directory.toString(),
                    "vaultferry.outbound.ca-file",
                    sandbox.caFile().orElseThrow().toString(),
                    "vaultferry.writes.quiesce",
                    "PT0.02S",
                    "vaultferry.writes.in-flight",
                    "PT0.05S");
        }
    }

    @Override
    public void stop() {
        if (directory != null) {
            FileTree.delete(directory);
        }
    }
}
