package io.vaultferry.infrastructure.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessGuardIT {

    @TempDir
    private Path directory;

    @Test
    void childrenEndWithAParentThatWasKilled() throws Exception {
        // Given
        Path log = directory.resolve("children.log");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GuardedProgram.class.getName(),
                        log.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> children;
        try (BufferedReader output = parent.inputReader()) {
            children = Stream.of(output.readLine().split(" ", -1))
                    .map(Long::parseLong)
                    .map(ProcessHandle::of)
                    .map(Optional::orElseThrow)
                    .toList();
            await().untilAsserted(() -> assertThat(log).content().contains("deaf"));

            // When
            parent.destroyForcibly().waitFor();
        }

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void closingStopsWhatStillRuns() throws Exception {
        Process child;
        try (ProcessGuard guard = ProcessGuard.open()) {
            child = guard.start(List.of("sleep", "600"), directory.resolve("log"), StopSignal.INT);
        }

        await().untilAsserted(() -> assertThat(child.isAlive()).isFalse());
    }

    @Test
    void outputIsAppendedToTheLog() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "before\n");

        try (ProcessGuard guard = ProcessGuard.open()) {
            guard.start(List.of("/bin/sh", "-c", "echo out; echo err >&2"), log, StopSignal.TERM)
                    .waitFor();
        }

        assertThat(log).content().isEqualTo("before\nout\nerr\n");
    }

    @Test
    void aDeafChildIsEndedByForce() throws Exception {
        Path log = directory.resolve("log");
        try (ProcessGuard guard = ProcessGuard.open()) {
            Process deaf = guard.start(
                    List.of("/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"),
                    log,
                    StopSignal.TERM);
            await().untilAsserted(() -> assertThat(log).content().contains("deaf"));

            boolean endedByItself = ProcessGuard.stop(deaf, StopSignal.TERM, Duration.ofMillis(200));

            assertThat(endedByItself).isFalse();
            assertThat(deaf.isAlive()).isFalse();
        }
    }
}
