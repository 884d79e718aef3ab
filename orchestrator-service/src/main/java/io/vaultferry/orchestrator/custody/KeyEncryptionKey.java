package io.vaultferry.orchestrator.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** The key that wraps all others on disk, read from a file that only the service can read. */
final class KeyEncryptionKey {

    private static final String HOW_TO_MAKE = " Make it once: (umask 077; head -c 32 /dev/urandom | base64 > FILE)";
    private static final int LARGEST_FILE = 1024;

    /** A group may read, because that is how Kubernetes hands a secret to a user that is not root. */
    private static final Set<PosixFilePermission> NOT_ALLOWED = EnumSet.of(
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private KeyEncryptionKey() {}

    /** @throws CustodyException when the file is missing, is not such a key, or others can get at it */
    static Seal read(Path file) {
        byte[] text = contents(file);
        byte[] stripped = stripped(text);
        byte[] key = null;
        try {
            key = Base64.getDecoder().decode(stripped);
            if (key.length != KeyVault.KEY_LENGTH) {
                throw notAKey(file);
            }
            return Seal.under(key);
        } catch (IllegalArgumentException e) {
            throw notAKey(file);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(stripped, (byte) 0);
            if (key != null) {
                Arrays.fill(key, (byte) 0);
            }
        }
    }

    private static byte[] contents(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(NOT_ALLOWED::contains)) {
                throw new CustodyException(
                        "the key-encryption key " + file
                                + " can be read or changed by others: chmod 600 it, and make a new one if others may have seen it");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw notAKey(file);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CustodyException("there is no key-encryption key at " + file + "." + HOW_TO_MAKE);
        } catch (IOException e) {
            throw new CustodyException("the key-encryption key " + file + " cannot be read", e);
        }
    }

    private static byte[] stripped(byte[] text) {
        int end = text.length;
        while (end > 0 && Character.isWhitespace(text[end - 1])) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }

    private static CustodyException notAKey(Path file) {
        return new CustodyException(
                "the key-encryption key " + file + " does not hold 32 bytes in base64." + HOW_TO_MAKE);
    }
}
