package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps documents in a local directory that all services of one machine share: one subdirectory for each migration.
 *
 * <p>A document is written to a temporary file, forced to the disk, and moved to its name in one step; then the directory
 * is forced too. Directories are readable by their owner only (0700), and so are files (0600), where the file system knows
 * such permissions.
 */
public final class DirectoryStore implements ClaimCheckStore {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,7}");
    private static final int LONGEST_NAME = 64;
    private static final Pattern LOCATION = Pattern.compile(
            "(?<migration>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/(?<file>[a-z0-9-]{1,64}-[0-9a-f]{32})");
    private static final String UNFINISHED = ".part";
    private static final int BUFFER = 64 * 1024;

    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path root;
    private final boolean posix;
    private final SecureRandom random = new SecureRandom();

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
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a document name: lower-case words with hyphens are expected");
        }
        String file = name + "-" + randomHex();
        Path directory = root.resolve(migration.toString());
        Path unfinished = directory.resolve(file + UNFINISHED);
        try {
            makeDirectory(directory);
            Written written = writeAndForce(unfinished, body);
            Files.move(unfinished, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(directory);
            return new ClaimCheck(migration + "/" + file, written.sha256(), written.size());
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
            return new CheckedInputStream(bytes, check);
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

    private Path fileOf(ClaimCheck check) {
        var location = LOCATION.matcher(check.location());
        // A location comes from a message: whatever is not exactly of our own making must not become a path.
        if (!location.matches()) {
            throw new StagedDataDamagedException("a claim check does not name a staged document");
        }
        return root.resolve(location.group("migration")).resolve(location.group("file"));
    }

    private Written writeAndForce(Path file, Body body) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, permissions(OWNER_ONLY_FILE))) {
            DigestingOutputStream digesting = new DigestingOutputStream(Channels.newOutputStream(channel));
            OutputStream out = new BufferedOutputStream(new KeptOpen(digesting), BUFFER);
            body.writeTo(out);
            out.flush();
            channel.force(true);
            return new Written(HexFormat.of().formatHex(digesting.digest.digest()), digesting.size);
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

    private String randomHex() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
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

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record Written(String sha256, long size) {}

    private static final class DigestingOutputStream extends OutputStream {

        private final OutputStream out;
        private final MessageDigest digest = sha256();
        private long size;

        DigestingOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
        }
    }

    /** A body that closes its stream, as sealing streams do, must not close the file before it is forced to the disk. */
    private static final class KeptOpen extends FilterOutputStream {

        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    private static final class CheckedInputStream extends FilterInputStream {

        private final ClaimCheck check;
        private final MessageDigest digest = sha256();
        private long read;
        private boolean checked;

        CheckedInputStream(InputStream in, ClaimCheck check) {
            super(in);
            this.check = check;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count;
            try {
                count = in.read(bytes, offset, length);
            } catch (IOException e) {
                throw new StagingUnavailableException("a staged document cannot be read", e);
            }
            if (count > 0) {
                digest.update(bytes, offset, count);
                read += count;
            } else if (count < 0 && !checked) {
                checked = true;
                if (read != check.size()
                        || !HexFormat.of().formatHex(digest.digest()).equals(check.sha256())) {
                    throw new StagedDataDamagedException("a staged document is not the one that was stored");
                }
            }
            return count;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = 0;
            byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, n))];
            while (skipped < n) {
                int count = read(buffer, 0, (int) Math.min(buffer.length, n - skipped));
                if (count < 0) {
                    break;
                }
                skipped += count;
            }
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
