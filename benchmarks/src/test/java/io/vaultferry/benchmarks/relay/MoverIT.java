package io.vaultferry.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.benchmarks.ChildProgram;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MoverIT {

    private static final int SIZE = (int) AttachmentFormat.encryptedSize(3_000_000);

    @Test
    void everyWayOfMovingBringsAWholeGenuineFileToTheTarget() throws IOException {
        try (Workspace workspace = Workspace.make()) {
            // Given
            Path kept = workspace.directory("kept");
            try (ChildProgram source = ChildProgram.start(workspace, FileServer.class, List.of(), List.of());
                    ChildProgram target = ChildProgram.start(
                            workspace, FileServer.class, List.of(), List.of("--keep", kept.toString()));
                    ChildProgram mover = ChildProgram.start(
                            workspace, Mover.class, List.of("-Xmx64m"), List.of(source.answer(), target.answer()))) {

                for (Mover.Check check : Mover.Check.values()) {
                    // When
                    String answer = mover.ask(check + " 2 " + SIZE + " 2");

                    // Then: a form is the file and a little more
                    assertThat(answer).matches("\\d+ \\d+");
                    try (Stream<Path> files = Files.list(kept)) {
                        assertThat(files.toList())
                                .hasSize(2)
                                .allSatisfy(file ->
                                        assertThat(Files.size(file) - SIZE).isBetween(100L, 2_000L));
                    }
                    for (int file = 0; file < 2; file++) {
                        Files.delete(kept.resolve(SIZE + "-m" + file));
                    }
                }
            }
        }
    }
}
