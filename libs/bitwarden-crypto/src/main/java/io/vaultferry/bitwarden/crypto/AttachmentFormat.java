package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmac;

/**
 * The bytes of an encrypted file. The MAC is over IV and ciphertext, and stands in front of what it protects.
 *
 * <pre>
 * type 1 (= 2) | iv 16 | mac 32 | ciphertext, whole blocks of 16
 * </pre>
 *
 * <p>Source: {@code EncArrayBuffer} in bitwarden/clients.
 */
public final class AttachmentFormat {
    /** Bytes before the ciphertext. */
    public static final int HEADER = 1 + AesCbcHmac.IV_LENGTH + AesCbcHmac.MAC_LENGTH;

    static final byte TYPE = 2;
    static final int IV_START = 1;
    static final int MAC_START = IV_START + AesCbcHmac.IV_LENGTH;

    private AttachmentFormat() {}

    /** The size in bytes of so many bytes once they are encrypted. */
    public static long encryptedSize(long plainSize) {
        if (plainSize < 0) {
            throw new IllegalArgumentException("A negative size.");
        }
        long block = AesCbcHmac.BLOCK;
        return Math.addExact(HEADER, Math.multiplyExact(block, plainSize / block + 1));
    }

    /** Whether an encrypted file can have this size at all. */
    public static boolean isPossibleEncryptedSize(long size) {
        return size >= HEADER + AesCbcHmac.BLOCK && (size - HEADER) % AesCbcHmac.BLOCK == 0;
    }

    static void requirePossibleEncryptedSize(long size) {
        if (!isPossibleEncryptedSize(size)) {
            throw new InvalidEncStringException("No encrypted file has this size.");
        }
    }

    static void requireType(byte type) {
        if (type != TYPE) {
            throw new UnsupportedEncryptionException(
                    "An encrypted file of type " + Byte.toUnsignedInt(type) + "; only type 2 is safe to read.");
        }
    }
}
