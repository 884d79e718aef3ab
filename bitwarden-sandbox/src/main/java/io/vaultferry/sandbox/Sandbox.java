package io.vaultferry.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A running Bitwarden-compatible server. Several may run in one JVM. */
@SuppressWarnings("DoNotCallSuggester") // signatures first: the bodies follow
public final class Sandbox implements AutoCloseable {

    private Sandbox() {}

    /** Starts a server and returns when it answers. */
    public static Sandbox start(SandboxConfig config) {
        throw new UnsupportedOperationException("not written yet: " + config);
    }

    /** For example {@code https://localhost:40123}; what a Bitwarden client is given as the server's address. */
    public URI baseUrl() {
        throw new UnsupportedOperationException();
    }

    /** For example {@code http://127.0.0.1:40124}. */
    public URI adminUrl() {
        throw new UnsupportedOperationException();
    }

    /** The certificate authority that signed the server's certificate, as a PEM file; empty without TLS. */
    public Optional<Path> caFile() {
        throw new UnsupportedOperationException();
    }

    /** Sets a fault; several may be set, the first that matches a call wins. */
    public void addFault(Fault fault) {
        throw new UnsupportedOperationException();
    }

    public void clearFaults() {
        throw new UnsupportedOperationException();
    }

    /** Calls with a number greater than {@code after}, oldest first. */
    public List<JournalEntry> journal(long after) {
        throw new UnsupportedOperationException();
    }

    /** Calls by endpoint and status, for example {@code POST /api/ciphers/import-organization 200}. */
    public Map<String, Long> counters() {
        throw new UnsupportedOperationException();
    }

    /** Writes the snapshot, when one was configured, ends all connections and removes temporary files. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
