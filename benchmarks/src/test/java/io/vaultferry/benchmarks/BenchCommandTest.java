package io.vaultferry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command over benchmarks that take no time. */
class BenchCommandTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Remembers the workspaces that it was given. */
    private static class Instant implements Benchmark {

        private final String name;
        private final List<Path> files = new ArrayList<>();
        private Extent extent;

        Instant(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String question() {
            return "What is " + name + "?";
        }

        @Override
        public Outcome run(Workspace workspace, Extent measured, Narrator narrator) throws IOException {
            extent = measured;
            files.add(Files.writeString(workspace.directory("data").resolve("file"), "bytes"));
            return new Outcome(
                    List.of(new Finding(name, new Figure(1, "s"), "peer", new Figure(2, "s"), Goal.atMost(1))),
                    List.of());
        }
    }

    private int run(List<Benchmark> known, String... arguments) {
        CommandLine command = BenchCommand.commandLine(known);
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    @Test
    void thoseThatAreNamedAreMeasuredAndWrittenDown() throws IOException {
        // Given
        Instant one = new Instant("one");
        Instant other = new Instant("other");
        Path file = directory.resolve("results.md");

        // When
        int exit = run(List.of(one, other), "--force", "--quick", "--output", file.toString(), "other");

        // Then
        assertThat(exit).isZero();
        assertThat(one.files).isEmpty();
        assertThat(other.extent).isEqualTo(Extent.QUICK);
        assertThat(other.files).isNotEmpty().allSatisfy(left -> assertThat(left).doesNotExist());
        assertThat(Files.readString(file)).contains("## other", "**quick", "./ferry bench --quick other");
        assertThat(out.toString()).containsPattern("other +1[.]00 s +peer: 2[.]00 s +0[.]500 +≤ 1[.]00 +met");
    }

    @Test
    void whatAMachineLacksIsSaidAndDoesNotEndTheRun() {
        // Given
        Benchmark impossible = new Benchmark() {
            @Override
            public String name() {
                return "impossible";
            }

            @Override
            public String question() {
                return "What if?";
            }

            @Override
            public Outcome run(Workspace workspace, Extent extent, Narrator narrator) {
                throw new NotMeasuredException("there is no curl on this machine");
            }
        };
        Instant next = new Instant("next");

        // When
        int exit = run(List.of(impossible, next), "--force", "--output", "none");

        // Then
        assertThat(exit).isZero();
        assertThat(out.toString()).contains("**Not measured**: there is no curl on this machine");
        assertThat(next.files).hasSize(1);
    }

    @Test
    void whatFailsLeavesItsFilesAndDoesNotEndTheRun() throws IOException {
        // Given
        Instant broken = new Instant("broken") {
            @Override
            public Outcome run(Workspace workspace, Extent measured, Narrator narrator) throws IOException {
                super.run(workspace, measured, narrator);
                throw new IllegalStateException("a server died");
            }
        };
        Instant next = new Instant("next");

        // When
        int exit = run(List.of(broken, next), "--force", "--output", "none");

        // Then
        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).contains("broken failed", "a server died");
        assertThat(broken.files).hasSize(1).allSatisfy(left -> {
            assertThat(left).exists();
            assertThat(out.toString())
                    .contains("files and logs in " + left.getParent().getParent());
        });
        assertThat(next.files).hasSize(1);
        Path left = broken.files.getFirst();
        Files.delete(left);
        Files.delete(left.getParent());
        Files.delete(left.getParent().getParent());
    }

    @Test
    void anUnknownNameIsRefusedBeforeAnythingIsMeasured() {
        // Given
        Instant one = new Instant("one");

        // When
        int exit = run(List.of(one), "--force", "--output", "none", "one", "relais");

        // Then
        assertThat(exit).isNotZero();
        assertThat(err.toString()).contains("There is no benchmark relais");
        assertThat(one.files).isEmpty();
    }

    @Test
    void everyBenchmarkHasANameOfItsOwn() {
        assertThat(Benchmarks.all())
                .extracting(Benchmark::name)
                .doesNotHaveDuplicates()
                .hasSize(10);
    }
}
