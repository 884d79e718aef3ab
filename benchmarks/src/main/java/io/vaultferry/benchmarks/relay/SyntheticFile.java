package io.vaultferry.benchmarks.relay;

import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An encrypted file of any size that takes no room: its ciphertext is one random block over and over, and its authentication code
 * is right, so that whoever checks it finds it genuine.
 *
 * <pre>type 1 (= 2) | iv 16 | mac 32 | block block block ..</pre>
 */
final class SyntheticFile {

    private static final String HMAC = "HmacSHA256";
    private static final int IV = 16;
    private static final byte TYPE = 2;
    private static final byte[] KEY = bytes(SymmetricKey.LENGTH, 1);
    private static final byte[] BLOCK = bytes(1 << 20, 2);

    private final byte[] header;
    private final long length;

    /** Reads the whole once, for its code. */
    SyntheticFile(long length) {
        if (!AttachmentFormat.isPossibleEncryptedSize(length)) {
            throw new IllegalArgumentException("no encrypted file has this size");
        }
        this.length = length;
        this.header = new byte[AttachmentFormat.HEADER];
        byte[] iv = bytes(IV, 3);
        header[0] = TYPE;
        System.arraycopy(iv, 0, header, 1, IV);
        byte[] code = code(iv, length - header.length);
        System.arraycopy(code, 0, header, 1 + IV, code.length);
    }

    /** The key that all of them are encrypted under; the caller closes it. */
    static SymmetricKey key() {
        return SymmetricKey.takeCopyOf(KEY);
    }

    private static byte[] code(byte[] iv, long ciphertext) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            int half = KEY.length / 2;
            mac.init(new SecretKeySpec(KEY, half, half, HMAC));
            mac.update(iv);
            for (long left = ciphertext; left > 0; left -= BLOCK.length) {
                mac.update(BLOCK, 0, (int) Math.min(left, BLOCK.length));
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    long length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(header);
        for (long left = length - header.length; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
        }
    }

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
