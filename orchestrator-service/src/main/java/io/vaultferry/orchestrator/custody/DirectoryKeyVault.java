package io.vaultferry.orchestrator.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/**
 * Keeps keys in a directory: one file a key, mode 0600, wrapped by the key-encryption key and bound to its name. One
 * service at a time uses a directory.
 *
 * <p>Destroying overwrites the file before it is deleted. Where the file system or the disk keeps old blocks (snapshots,
 * copy on write, flash), what remains is still wrapped by the key-encryption key.
 */
final class DirectoryKeyVault implements KeyVault {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int LARGEST_FILE = 1024;

    private final Path directory;
    private final Seal keyEncryptionKey;
    private final SecureRandom random = new SecureRandom();

    DirectoryKeyVault(Path directory, Path keyEncryptionKeyFile) {
        this.directory = directory;
        this.keyEncryptionKey = KeyEncryptionKey.read(keyEncryptionKeyFile);
        try {
            Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
        } catch (IOException e) {
            throw new CustodyException("the custody directory " + directory + " cannot be made", e);
        }
        if (!Files.isWritable(directory)) {
            throw new CustodyException("the custody directory " + directory + " is not writable");
        }
    }

    @Override
    public synchronized void make(KeyName name) {
        Path file = fileOf(name);
        if (Files.exists(file)) {
            throw new CustodyException("there is a key " + name + " already");
        }
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        try {
            Path unfinished = Files.createTempFile(directory, ".", ".tmp", OWNER_ONLY);
            try {
                write(unfinished, keyEncryptionKey.seal(key, whatIs(name)));
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                syncDirectory();
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new CustodyException("the key " + name + " cannot be written to " + directory, e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public byte[] get(KeyName name) {
        Path file = fileOf(name);
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new SealBrokenException(whatIs(name));
            }
            return keyEncryptionKey.open(Files.readAllBytes(file), whatIs(name));
        } catch (NoSuchFileException e) {
            throw new UnknownKeyException(name);
        } catch (IOException e) {
            throw new CustodyException("the key " + name + " cannot be read from " + directory, e);
        }
    }

    @Override
    public boolean holds(KeyName name) {
        return Files.exists(fileOf(name));
    }

    @Override
    public synchronized void destroy(KeyName name) {
        Path file = fileOf(name);
        try {
            byte[] noise = new byte[Math.toIntExact(Files.size(file))];
            random.nextBytes(noise);
            write(file, noise);
            Files.delete(file);
            syncDirectory();
        } catch (NoSuchFileException e) {
            // Destroyed before: that is what was asked for.
        } catch (IOException e) {
            throw new CustodyException("the key " + name + " cannot be destroyed in " + directory, e);
        }
    }

    private Path fileOf(KeyName name) {
        return directory.resolve(name + ".key");
    }

    private static String whatIs(KeyName name) {
        return "vaultferry key v1|" + name;
    }

    /** Writes over the file's own blocks, without cutting it short first, and waits for the disk. */
    private static void write(Path file, byte[] contents) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(contents);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
