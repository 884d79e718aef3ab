package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.system.Narrator;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Two sandbox servers with TLS in this JVM: the source holds the recorded organization and, when asked for, more files; the target only the accounts of its members.
 * All data are test data; every account has the same master password.
 */
public final class DemoServers implements AutoCloseable {

    /** Owns the recorded organization, and has an account of the same address on the target. */
    public static final String OWNER = "owner@acme.example.test";

    public static final String MASTER_PASSWORD = "correct horse battery staple 9";

    private final Sandbox source;
    private final Sandbox target;

    private DemoServers(Sandbox source, Sandbox target) {
        this.source = source;
        this.target = target;
    }

    /**
     * @param directory where the certificate authority of both servers is kept
     * @param more files that the source has besides the recorded ones
     * @throws DemoException when there is no room for them
     */
    public static DemoServers start(Path directory, MoreFiles more, Narrator narrator) {
        if (!more.any()) {
            return start(directory, Seed.recorded());
        }
        long began = System.nanoTime();
        Path seed = directory.resolve("seed");
        LargerOrganization.Made made = LargerOrganization.make(more, seed);
        DemoServers servers = start(directory, made.seed());
        deleteFilesIn(seed);
        narrator.say("The recorded organization has %s more files: %s (%.1f s)"
                .formatted(made.files(), ByteCount.text(made.bytes()), (System.nanoTime() - began) / 1e9));
        return servers;
    }

    private static DemoServers start(Path tlsDirectory, Seed seed) {
        Sandbox source = Sandbox.start(
                SandboxConfig.builder().tlsDirectory(tlsDirectory).seed(seed).build());
        try {
            return new DemoServers(
                    source,
                    Sandbox.start(SandboxConfig.builder()
                            .tlsDirectory(tlsDirectory)
                            .seed(Seed.recordedAccountsOnly())
                            .build()));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The source has taken what was there. */
    private static void deleteFilesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new DemoException("What the servers were filled with cannot be removed: " + e, e);
        }
    }

    public URI source() {
        return source.baseUrl();
    }

    public URI target() {
        return target.baseUrl();
    }

    /** The certificate authority of both servers, as a PEM file. */
    public Path caFile() {
        return source.caFile().orElseThrow();
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
