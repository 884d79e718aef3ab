package io.vaultferry.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory with everything below it. */
final class FileTree {

    private FileTree() {}

    /** Deletes it. What cannot be deleted is named on standard error and stays: it is not worth a failed test. */
    static void delete(Path root) {
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(root)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Left behind: " + root + " (" + e + ")");
            return;
        }
        for (Path path : paths) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                System.err.println("Left behind: " + path + " (" + e + ")");
            }
        }
    }
}
