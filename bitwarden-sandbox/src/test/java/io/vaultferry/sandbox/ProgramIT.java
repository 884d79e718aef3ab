package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as a child process. */
class ProgramIT {

    private static final String COLLECTIONS = "/api/organizations/" + TestHttp.ORGANIZATION + "/collections";

    @TempDir
    private Path directory;

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.vaultferry.sandbox.SandboxMain"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Process startRecorded() throws IOException {
        return start(
                "--seed",
                "recorded",
                "--data",
                directory.resolve("data").toString(),
                "--tls-dir",
                directory.resolve("tls").toString(),
                "--exit-on-stdin-close");
    }

    private static URI readyAt(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        assertThat(line).matches("Sandbox is ready: https://localhost:\\d+ admin http://127\\.0\\.0\\.1:\\d+");
        return URI.create(line.split(" ", -1)[3]);
    }

    @Test
    void itKeepsItsStateAndEndsWithItsParent() throws IOException, InterruptedException {
        // Given
        Process first = startRecorded();
        try (TestHttp http = new TestHttp(
                readyAt(first), Optional.of(directory.resolve("tls").resolve("ca.pem")))) {
            String token = http.logInOwner();
            http.post(COLLECTIONS, token, Map.of("name", "2.new", "groups", List.of(), "users", List.of()));
        }

        // When
        first.getOutputStream().close();
        boolean ended = first.waitFor(60, TimeUnit.SECONDS);
        Process second = startRecorded();

        // Then
        assertThat(ended).isTrue();
        assertThat(first.exitValue()).isZero();
        try (TestHttp http = new TestHttp(
                readyAt(second), Optional.of(directory.resolve("tls").resolve("ca.pem")))) {
            assertThat(http.get(COLLECTIONS, http.logInOwner()).json().get("data"))
                    .hasSize(10);
        } finally {
            second.getOutputStream().close();
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anUnknownOptionIsSaid() throws IOException, InterruptedException {
        // When
        Process process = start("--sed", "recorded");

        // Then
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
    }
}
