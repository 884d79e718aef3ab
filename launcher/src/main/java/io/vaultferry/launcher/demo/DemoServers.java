package io.vaultferry.launcher.demo;

import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.net.URI;
import java.nio.file.Path;

/**
 * Two sandbox servers with TLS in this JVM: the source holds the recorded organization, the target only the accounts of its members.
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

    /** @param tlsDirectory where the certificate authority of both servers is kept */
    public static DemoServers start(Path tlsDirectory) {
        Sandbox source = Sandbox.start(SandboxConfig.builder()
                .tlsDirectory(tlsDirectory)
                .seed(Seed.recorded())
                .build());
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
