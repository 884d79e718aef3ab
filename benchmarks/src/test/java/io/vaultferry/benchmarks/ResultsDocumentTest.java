package io.vaultferry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsDocumentTest {

    @TempDir
    private Path directory;

    private static Section section(String name, double ours) {
        return new Section(
                name,
                "How fast?",
                Instant.parse("2026-11-28T12:00:00Z"),
                new Load(0.5, OptionalDouble.of(0.9), 2),
                Duration.ofSeconds(7),
                Extent.FULL,
                new Outcome(
                        List.of(new Finding(
                                "moving", new Figure(ours, "s"), "a | b", new Figure(2, "s"), Goal.atMost(2))),
                        List.of("A note.")));
    }

    @Test
    void aRunReplacesItsOwnResultsAndLeavesWhatPeopleWrote() throws IOException {
        // Given
        Path file = directory.resolve("benchmarks.md");
        ResultsDocument document = new ResultsDocument(file);
        document.put(section("first", 2));
        document.put(section("second", 4));
        Files.writeString(file, Files.readString(file) + "\nWhat stands in the way.\n");

        // When
        document.put(section("first", 8));

        // Then
        assertThat(Files.readString(file))
                .containsOnlyOnce("## first")
                .containsOnlyOnce("## second")
                .contains("| moving | 8.00 s | a \\| b: 2.00 s | 4.00 | ≤ 2.00 | missed by 100 % |")
                .contains("| moving | 4.00 s | a \\| b: 2.00 s | 2.00 | ≤ 2.00 | met |")
                .doesNotContain("| moving | 2.00 s")
                .endsWith("What stands in the way.\n");
    }

    @Test
    void resultsSayWhenAndHowTheyWereMade() {
        assertThat(section("first", 2).markdown())
                .contains("2026-11-28 12:00 UTC, load before 0.50 on 2 cores, 90 % idle, took 7 s."
                        + " Repeat: `./ferry bench first`");
    }
}
