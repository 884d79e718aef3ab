package io.vaultferry.launcher.system;

import io.vaultferry.infrastructure.process.CannotStartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Small text files that only their owner can read and that are either whole or not there. */
final class SecretFile {

    private static final SecureRandom RANDOM = new SecureRandom();

    private SecretFile() {}

    /** The text in the file, which is made by the first call ever. */
    static String madeOnce(Path file, String permissions, Supplier<String> make) {
        try {
            if (!Files.exists(file)) {
                write(file, permissions, make.get());
            }
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new CannotStartException("The file " + file + " cannot be read: " + e, e);
        }
    }

    /** Replaces the file. */
    static void write(Path file, String permissions, String text) {
        try {
            Path unfinished = Files.createTempFile(file.getParent(), ".", ".tmp");
            try {
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
                try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                    ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    channel.force(true);
                }
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(permissions));
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new CannotStartException("The file " + file + " cannot be written: " + e, e);
        }
    }

    /** 256 random bits in base64url, without padding. */
    static String randomToken() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random32());
    }

    /** 256 random bits in plain base64, as a key-encryption key is kept. */
    static String randomKey() {
        return Base64.getEncoder().encodeToString(random32());
    }

    private static byte[] random32() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
