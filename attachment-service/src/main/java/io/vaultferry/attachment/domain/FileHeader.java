package io.vaultferry.attachment.domain;

import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import java.security.MessageDigest;

/**
 * The beginning of an encrypted file, with its IV and its authentication code, noted while the file passes.
 *
 * <p>It stands for the whole file where the code was checked: other bytes of the same length that fit the same code under
 * the same key would be a forged HMAC-SHA256 for whoever lacks the key, and a collision of SHA-256 for whoever has it.
 */
final class FileHeader {

    private final byte[] bytes = new byte[AttachmentFormat.HEADER];
    private int noted;

    void pass(byte[] buffer, int offset, int count) {
        int more = Math.min(count, bytes.length - noted);
        System.arraycopy(buffer, offset, bytes, noted, more);
        noted += more;
    }

    /** Whether both are whole and equal; in constant time. */
    boolean isSameAs(FileHeader other) {
        return noted == bytes.length && other.noted == noted && MessageDigest.isEqual(bytes, other.bytes);
    }
}
