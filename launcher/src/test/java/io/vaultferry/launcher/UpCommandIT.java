package io.vaultferry.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultferry.infrastructure.FreePorts;
import io.vaultferry.launcher.system.FakeProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a program of its own, over services that do nothing except to be healthy. */
class UpCommandIT {

    @TempDir
    private Path directory;

    private Process launcher;

    @BeforeEach
    void installFakePrograms() throws IOException {
        FakeProgram.install(directory.resolve("home"));
    }

    @AfterEach
    void killWhatIsLeft() {
        launcher.destroyForcibly();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ours()).isEmpty());
    }

    @Test
    void sigtermStopsEverythingWithExitCodeZero() throws Exception {
        // Given
        int port = FreePorts.next();
        Path output = launch("--port", Integer.toString(port));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(output).content().contains("is ready"));
        assertThat(Files.readAllLines(output)).contains("Vaultferry is ready: http://127.0.0.1:" + port);

        // When
        launcher.destroy();

        // Then
        assertThat(launcher.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isZero();
        assertThat(ours()).isEmpty();
    }

    @Test
    void aKilledLauncherTakesItsChildrenWithItAndCanBeStartedAgainAtOnce() throws Exception {
        // Given
        Path before = launch("--port", Integer.toString(FreePorts.next()));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(before).content().contains("is ready"));
        List<ProcessHandle> children = ours();
        assertThat(children).hasSizeGreaterThan(5);

        // When
        launcher.destroyForcibly().waitFor();
        Path after = launch("--port", Integer.toString(FreePorts.next()));

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(after).content().contains("is ready"));
    }

    @Test
    void aFailureIsOneLineAndExitCodeOne() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.createFile(directory.resolve("data/fail-export-service"));

        Path output = launch("--port", Integer.toString(FreePorts.next()));

        assertThat(launcher.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(launcher.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(output))
                .last()
                .asString()
                .startsWith("ferry: export-service ended while starting (exit code 1): ")
                .contains("told to fail. Its log: ");
    }

    private Path launch(String... options) throws IOException {
        Path output = Files.createTempFile(directory, "launcher-", ".out");
        launcher = new ProcessBuilder(command(options))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return output;
    }

    private List<String> command(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dvaultferry.home=" + directory.resolve("home"),
                "-cp",
                System.getProperty("java.class.path"),
                Launcher.class.getName(),
                "up",
                "--data",
                directory.resolve("data").toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** Processes that name this test's directory: the launcher's children, and their children. */
    private List<ProcessHandle> ours() {
        return ProcessHandle.allProcesses()
                .filter(process -> launcher == null || process.pid() != launcher.pid())
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
                .toList();
    }
}
