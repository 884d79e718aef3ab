package io.vaultferry.attachment.domain;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Encrypted bytes on disk until they are sent. The file has no name from the moment it is open, so that nothing stays behind
 * however this process ends. What goes wrong here is told apart from what goes wrong at the servers.
 */
final class Spool implements SeekableByteChannel {

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final SeekableByteChannel file;
    private final long most;
    private final Runnable whenClosed;

    Spool(SeekableByteChannel file, long most, Runnable whenClosed) {
        this.file = file;
        this.most = most;
        this.whenClosed = whenClosed;
    }

    /**
     * @param most bytes that it takes
     * @param whenClosed done once
     * @throws StepFailureException as every method, when the disk does not take or give the bytes
     */
    static Spool in(Path directory, long most, Runnable whenClosed) {
        return onDisk(() -> {
            Files.createDirectories(directory);
            Path place = directory.resolve("spool-" + UUID.randomUUID() + ".enc");
            return new Spool(
                    Files.newByteChannel(
                            place,
                            Set.of(
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.DELETE_ON_CLOSE),
                            OWNER_ONLY),
                    most,
                    whenClosed);
        });
    }

    InputStream fromTheBeginning() {
        position(0);
        return Channels.newInputStream(this);
    }

    @FunctionalInterface
    interface Access<T> {
        T perform() throws IOException;
    }

    static <T> T onDisk(Access<T> access) {
        try {
            return access.perform();
        } catch (IOException e) {
            throw new StepFailureException(
                    FailureCode.STAGING_UNAVAILABLE,
                    "the spool: " + e.getClass().getSimpleName());
        }
    }

    @Override
    public int read(ByteBuffer target) {
        return onDisk(() -> file.read(target));
    }

    @Override
    public int write(ByteBuffer source) {
        if (position() + source.remaining() > most) {
            throw new IllegalStateException("more is spooled than there was to be");
        }
        return onDisk(() -> file.write(source));
    }

    @Override
    public long position() {
        return onDisk(file::position);
    }

    @Override
    public Spool position(long newPosition) {
        onDisk(() -> file.position(newPosition));
        return this;
    }

    @Override
    public long size() {
        return onDisk(file::size);
    }

    @Override
    public Spool truncate(long size) {
        onDisk(() -> file.truncate(size));
        return this;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() {
        if (!file.isOpen()) {
            return;
        }
        try {
            onDisk(() -> {
                file.close();
                return this;
            });
        } finally {
            whenClosed.run();
        }
    }
}
