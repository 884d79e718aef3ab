package io.vaultferry.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultferry.infrastructure.Durability;
import io.vaultferry.infrastructure.process.CannotStartException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Kafka, real PostgreSQL and real processes, but programs that do nothing except to be healthy. */
class VaultferrySystemIT {

    @TempDir
    private Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();

    @BeforeEach
    void installFakePrograms() throws IOException {
        FakeProgram.install(directory.resolve("home"));
    }

    @Test
    void oneMoreAttachmentWorkerJoinsAndIsStoppedWithTheOthers() throws IOException {
        // Given
        VaultferrySystem system = start(settings(2, 0));
        SupervisedProcess joining;
        try (system) {
            // When
            joining = system.addAttachmentWorker();

            // Then
            assertThat(joining.name()).isEqualTo("attachment-service-3");
            assertThat(system.attachmentWorkers())
                    .extracting(SupervisedProcess::name)
                    .containsExactly("attachment-service", "attachment-service-2", "attachment-service-3");
            await().atMost(Duration.ofMinutes(2)).until(joining::ready);
        }
        assertThat(joining.process().isAlive()).isFalse();
        assertThatThrownBy(system::addAttachmentWorker).isInstanceOf(CannotStartException.class);
    }

    @Test
    void aKilledServiceComesBackAndTheDataDirectoryServesAgain() throws IOException {
        // Given
        String adminKey;
        try (VaultferrySystem system = start(settings(2, 0))) {
            adminKey = system.adminKey();
            assertThat(system.services())
                    .extracting(SupervisedProcess::name)
                    .containsExactly(
                            "orchestrator-service",
                            "export-service",
                            "import-service",
                            "identity-service",
                            "attachment-service",
                            "attachment-service-2");
            SupervisedProcess service = system.service("import-service");
            ProcessHandle first = service.process();

            // When
            first.destroyForcibly();

            // Then
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(said)
                            .anyMatch(line ->
                                    line.startsWith("import-service ended (killed) and is started again in 1 s"))
                            .anyMatch(line -> line.startsWith("import-service is healthy again")));
            assertThat(service.ready()).isTrue();
            assertThat(service.restarts()).isEqualTo(1);
            assertThat(service.process().pid()).isNotEqualTo(first.pid());
        }
        List<SupervisedProcess> stopped;
        try (VaultferrySystem system = start(settings(1, 0))) {
            assertThat(system.adminKey()).isEqualTo(adminKey);
            stopped = system.services();
        }
        assertThat(stopped).noneMatch(service -> service.process().isAlive());
        assertThat(said).noneMatch(line -> line.contains("is started again") && !line.startsWith("import-service"));
    }

    @Test
    void secretsAreInFilesOfTheirOwnerAndNotOnCommandLines() throws IOException {
        try (VaultferrySystem system = start(settings(1, 0))) {
            Path secrets = system.data().secrets();
            for (String file :
                    List.of("orchestrator-service.properties", "export-service.properties", "../admin.key")) {
                assertThat(mode(secrets.resolve(file))).isEqualTo("rw-------");
            }
            assertThat(mode(secrets.resolve("key-encryption-key"))).isEqualTo("r--------");
            assertThat(mode(system.data().root())).isEqualTo("rwx------");

            Properties orchestrator = properties(secrets.resolve("orchestrator-service.properties"));
            Properties export = properties(secrets.resolve("export-service.properties"));
            assertThat(orchestrator)
                    .containsEntry("vaultferry.internal.tokens.export", export.getProperty("vaultferry.internal.token"))
                    .doesNotContainValue(system.adminKey());
            for (SupervisedProcess service : system.services()) {
                assertThat(service.process().info().arguments().orElseThrow())
                        .doesNotContain(system.adminKey())
                        .noneMatch(argument -> orchestrator.containsValue(argument) || export.containsValue(argument));
            }
        }
        assertThat(directory.resolve("data/secrets/export-service.properties")).doesNotExist();
    }

    @Test
    void aServiceThatFailsAtTheStartIsNamedWithItsLogAndNothingKeepsRunning() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.createFile(directory.resolve("data/fail-identity-service"));

        assertThatThrownBy(() -> start(settings(1, 0)))
                .isInstanceOf(CannotStartException.class)
                .hasMessageMatching(
                        "identity-service ended while starting [(]exit code 1[)]: .* told to fail[.] Its log: "
                                + directory.resolve("data/logs/identity-service.log"));

        assertThat(directory.resolve("data/logs/identity-service.log"))
                .content()
                .contains("told to fail");
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(directory.toString()));
        DataDirectory.claim(directory.resolve("data")).close();
    }

    @Test
    void aServiceThatLosesItsPortWhileStartingIsGivenAnother() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Path lost = Files.createFile(directory.resolve("data/lose-port-identity-service"));

        try (VaultferrySystem system = start(settings(1, 0))) {
            assertThat(system.service("identity-service").ready()).isTrue();
        }

        assertThat(lost).doesNotExist();
        assertThat(directory.resolve("data/logs/identity-service.log"))
                .content()
                .contains("seems to be in use by another process", "healthy");
    }

    @Test
    void aPortInUseIsSaidBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> start(settings(1, taken.getLocalPort())))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageStartingWith("Port " + taken.getLocalPort() + " of 127.0.0.1 cannot be used")
                    .hasMessageEndingWith("choose another port with --port PORT");
        }
        assertThat(directory.resolve("data/postgresql")).doesNotExist();
    }

    @Test
    void closingInTheMiddleOfAStartLeavesNothingBehind() throws Exception {
        VaultferrySystem system =
                VaultferrySystem.prepare(settings(1, 0), DataDirectory.claim(directory.resolve("data")), said::add);
        CompletableFuture<Void> starting = CompletableFuture.runAsync(system::start);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(said).anyMatch(line -> line.startsWith("Kafka and PostgreSQL run")));

        system.close();

        assertThat(starting).failsWithin(Duration.ofSeconds(60));
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(directory.toString()));
    }

    @Test
    void aSecondInstanceOnTheSameDataIsRefused() {
        try (DataDirectory first = DataDirectory.claim(directory.resolve("data"))) {
            assertThatThrownBy(() -> start(settings(1, 0)))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessage("Vaultferry runs already on " + first.root() + " (process "
                            + ProcessHandle.current().pid()
                            + "): stop it, or choose another directory with --data DIR");
        }
    }

    @Test
    void aServiceThatIsNotBuiltIsNamed() throws IOException {
        Files.delete(directory.resolve("home/export-service/target/quarkus-app/quarkus-run.jar"));

        assertThatThrownBy(() -> start(settings(1, 0)))
                .isInstanceOf(CannotStartException.class)
                .hasMessageStartingWith("export-service is not built")
                .hasMessageEndingWith("run ./ferry");
    }

    private VaultferrySystem start(SystemSettings settings) {
        return VaultferrySystem.start(settings, DataDirectory.claim(directory.resolve("data")), said::add);
    }

    private SystemSettings settings(int attachmentWorkers, int port) {
        return new SystemSettings(
                new Installation(directory.resolve("home")),
                "127.0.0.1",
                port,
                attachmentWorkers,
                false,
                Optional.empty(),
                Durability.FAST);
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return properties;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
