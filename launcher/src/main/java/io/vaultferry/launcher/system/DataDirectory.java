package io.vaultferry.launcher.system;

import io.vaultferry.infrastructure.EmbeddedDatabases;
import io.vaultferry.infrastructure.process.CannotStartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Everything that outlives a restart, in one directory that only its owner can enter and that one launcher at a time uses.
 *
 * <pre>
 * admin.key    what the operator shows to the REST API
 * secrets/     key-encryption key, the database administrator's password, the services' configuration
 * kafka/  postgresql/  custody/  staging/  logs/
 * lock         names the process that uses the directory
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

    private static final long NEEDED_BYTES = 512L * 1024 * 1024;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Creates the directory when it is missing and claims it for this process.
     *
     * @throws CannotStartException when another process uses it, when it cannot be written, or when the disk is full
     */
    public static DataDirectory claim(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root, OWNER_ONLY_DIRECTORY);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            DataDirectory claimed = new DataDirectory(root, lock(root));
            long free = Files.getFileStore(root).getUsableSpace();
            if (free < NEEDED_BYTES) {
                claimed.close();
                throw new CannotStartException("Only " + free / (1024 * 1024) + " MiB are free where " + root
                        + " is, and " + NEEDED_BYTES / (1024 * 1024)
                        + " MiB are needed: free some, or choose another disk with --data DIR");
            }
            for (Path part : new Path[] {claimed.secrets(), claimed.staging(), claimed.custody(), claimed.logs()}) {
                Files.createDirectories(part, OWNER_ONLY_DIRECTORY);
            }
            return claimed;
        } catch (IOException e) {
            throw new CannotStartException(
                    "The data directory " + root + " cannot be used (" + e + "): choose another one with --data DIR",
                    e);
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        Path file = root.resolve("lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    OWNER_ONLY_FILE);
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it: the same answer as for any other.
        }
        String holder = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (channel != null) {
            channel.close();
        }
        throw new CannotStartException("Vaultferry runs already on " + root + " (process " + holder
                + "): stop it, or choose another directory with --data DIR");
    }

    public Path root() {
        return root;
    }

    public Path adminKey() {
        return root.resolve("admin.key");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path staging() {
        return root.resolve("staging");
    }

    public Path custody() {
        return root.resolve("custody");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    EmbeddedDatabases.Locations databases() {
        return new EmbeddedDatabases.Locations(
                root.resolve("postgresql"),
                secrets().resolve("postgresql-admin-password"),
                EmbeddedDatabases.Locations.userCache(),
                logs().resolve("postgresql.log"));
    }

    /** Lets go of the directory; what is in it stays. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new CannotStartException("The lock of " + root + " cannot be released: " + e, e);
        }
    }
}
