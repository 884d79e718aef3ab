package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keeps documents in a local directory that all services of one machine share: one subdirectory for each migration.
 *
 * <p>A document is written to a temporary file, forced to the disk, and moved to its name in one step; then the directory
 * is forced too. Directories are readable by their owner only (0700), and so are files (0600), where the file system knows
 * such permissions.
 */
public final class DirectoryStore implements ClaimCheckStore {

    private static final String UNFINISHED = ".part";
    private static final String PROBE = ".probe-";

    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path root;
    private final boolean posix;

    private DirectoryStore(Path root, boolean posix) {
        this.root = root;
        this.posix = posix;
    }

    /**
     * Opens a directory, and makes it when it is missing.
     *
     * @throws StagingUnavailableException when it cannot be made or used
     */
    public static DirectoryStore at(Path directory) {
        try {
            Path absolute = directory.toAbsolutePath().normalize();
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            boolean posix =
                    Files.getFileStore(parent == null ? absolute : parent).supportsFileAttributeView("posix");
            DirectoryStore store = new DirectoryStore(absolute, posix);
            store.makeDirectory(absolute);
            return new DirectoryStore(absolute.toRealPath(), posix);
        } catch (IOException e) {
            throw new StagingUnavailableException("the staging directory cannot be used", e);
        }
    }

    @Override
    public ClaimCheck put(MigrationId migration, String name, Body body) {
        StagedLocation location = StagedLocation.make(migration, name);
        Path directory = root.resolve(migration.toString());
        Path unfinished = directory.resolve(location.file() + UNFINISHED);
        try {
            makeDirectory(directory);
            ClaimCheck check = writeAndForce(unfinished, location, body);
            Files.move(unfinished, directory.resolve(location.file()), StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(directory);
            return check;
        } catch (IOException e) {
            throw discarding(unfinished, new StagingUnavailableException("a document cannot be staged", e));
        } catch (RuntimeException e) {
            throw discarding(unfinished, e);
        }
    }

    @Override
    public InputStream get(ClaimCheck check) {
        Path file = fileOf(check);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile() || found.size() != check.size()) {
                throw new StagedDataDamagedException("a staged document has another length than its claim check says");
            }
            // One lock-free channel: a link that replaces the file between the two calls is refused here.
            InputStream bytes = Channels.newInputStream(
                    FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
            return new VerifyingInputStream(bytes, check);
        } catch (NoSuchFileException e) {
            throw new StagedDataDamagedException("a staged document is missing");
        } catch (IOException e) {
            throw new StagingUnavailableException("a staged document cannot be opened", e);
        }
    }

    @Override
    public void discard(MigrationId migration) {
        Path directory = root.resolve(migration.toString());
        try (DirectoryStream<Path> documents = Files.newDirectoryStream(directory)) {
            for (Path document : documents) {
                Files.deleteIfExists(document);
            }
            Files.deleteIfExists(directory);
            forceDirectory(root);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new StagingUnavailableException("staged documents cannot be removed", e);
        }
    }

    @Override
    public long usage(MigrationId migration) {
        long bytes = 0;
        try (DirectoryStream<Path> documents = Files.newDirectoryStream(root.resolve(migration.toString()))) {
            for (Path document : documents) {
                bytes += Files.size(document);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            return bytes;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new StagingUnavailableException("the staging directory cannot be read", e);
        }
    }

    @Override
    public void check() {
        try {
            Files.delete(Files.write(Files.createTempFile(root, PROBE, ""), new byte[1]));
        } catch (IOException e) {
            throw new StagingUnavailableException("the staging directory cannot be written", e);
        }
    }

    private Path fileOf(ClaimCheck check) {
        StagedLocation location = StagedLocation.of(check);
        return root.resolve(location.migration().toString()).resolve(location.file());
    }

    private ClaimCheck writeAndForce(Path file, StagedLocation location, Body body) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, permissions(OWNER_ONLY_FILE))) {
            MeasuringOutputStream out = new MeasuringOutputStream(Channels.newOutputStream(channel));
            body.writeTo(out);
            out.flush();
            channel.force(true);
            return out.claimCheck(location);
        }
    }

    private void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // Also right when another service makes it at the same moment.
        Files.createDirectories(directory, permissions(OWNER_ONLY_DIRECTORY));
        forceDirectory(directory.getParent());
    }

    private FileAttribute<?>[] permissions(Set<PosixFilePermission> wanted) {
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(wanted)} : new FileAttribute<?>[0];
    }

    private void forceDirectory(Path directory) throws IOException {
        if (posix) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static RuntimeException discarding(Path unfinished, RuntimeException failure) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // It goes with the migration at the latest.
            failure.addSuppressed(e);
        }
        return failure;
    }
}
