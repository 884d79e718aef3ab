package io.vaultferry.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory for what a benchmark leaves behind, deleted with everything in it when it is closed. */
public final class Workspace implements AutoCloseable {

    private final Path directory;
    private final Thread atExit;
    private boolean kept;
    private final AtomicInteger made = new AtomicInteger();

    private Workspace(Path directory) {
        this.directory = directory;
        this.atExit = Thread.ofPlatform().unstarted(() -> delete(directory));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public static Workspace make() {
        try {
            return new Workspace(Files.createTempDirectory("vaultferry-bench"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new directory. */
    public Path directory(String name) {
        try {
            return Files.createDirectories(directory.resolve(name + "-" + made.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name for a file that does not exist yet. */
    public Path file(String name) {
        return directory.resolve(made.incrementAndGet() + "-" + name);
    }

    public long usableBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves everything where it is, for whoever wants to know why something failed. */
    public Path keep() {
        kept = true;
        return directory;
    }

    @Override
    public void close() {
        if (!kept) {
            delete(directory);
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    // A process that is just ending deletes files of its own.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.err.println("bench: not all of " + tree + " could be deleted: " + e);
        }
    }
}
