package io.vaultferry.e2e;

import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Five service processes, Kafka, PostgreSQL and two sandboxes: the source holds the recorded organization, the target the
 * accounts of its people. Started once for all classes of a test run, which use it one after another; whoever needs it after
 * somebody has stopped it gets another one.
 */
final class RunningSystem implements AutoCloseable {

    static final String OWNER = "owner@acme.example.test";
    static final String MASTER_PASSWORD = "correct horse battery staple 9";

    /** Makes every step long enough to be met while it runs. */
    private static final Duration LATENCY = Duration.ofMillis(40);

    private final Path directory;
    private final Sandbox source;
    private final Sandbox target;
    private final VaultferrySystem vaultferry;
    private final SecretSearch secrets;
    private boolean stopped;

    private RunningSystem() {
        try {
            directory = Files.createTempDirectory("vaultferry-e2e");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        source = sandbox(Seed.recorded());
        target = sandbox(Seed.recordedAccountsOnly());
        vaultferry = VaultferrySystem.start(
                SystemSettings.forTests().withLocalServers(source.caFile().orElseThrow()),
                DataDirectory.claim(data()),
                System.out::println);
        secrets = SecretSearch.forTheRecordedOrganization().without(data());
    }

    private Sandbox sandbox(Seed seed) {
        return Sandbox.start(SandboxConfig.builder()
                .tlsDirectory(directory.resolve("tls"))
                .latency(LATENCY)
                .seed(seed)
                .build());
    }

    Sandbox source() {
        return source;
    }

    Sandbox target() {
        return target;
    }

    VaultferrySystem vaultferry() {
        return vaultferry;
    }

    /** What nothing that Vaultferry keeps may hold, whoever used it. */
    SecretSearch secrets() {
        return secrets;
    }

    /** Where Vaultferry keeps everything. */
    Path data() {
        return directory.resolve("data");
    }

    /** Stops the services, Kafka and PostgreSQL; what they kept stays until the end of the test run. */
    void stop() {
        stopped = true;
        vaultferry.close();
    }

    @Override
    public void close() throws IOException {
        stop();
        source.close();
        target.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    /** Hands the system to tests that ask for it, and ends it after the last of them. */
    static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunningSystem.class;
        }

        @Override
        public RunningSystem resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Kept kept = context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RunningSystem.class))
                    .computeIfAbsent(Kept.class, key -> new Kept(), Kept.class);
            return kept.running();
        }
    }

    private static final class Kept implements AutoCloseable {

        private RunningSystem running;

        private synchronized RunningSystem running() {
            try {
                if (running != null && running.stopped) {
                    running.close();
                    running = null;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (running == null) {
                running = new RunningSystem();
            }
            return running;
        }

        @Override
        public synchronized void close() throws IOException {
            if (running != null) {
                running.close();
            }
        }
    }
}
