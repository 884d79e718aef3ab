package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/** HMAC-SHA256 with any key, and what is built of it. */
public final class HmacSha256 {
    private static final int LENGTH = 32;
    private static final RawKey NO_KEY = RawKey.owning(new byte[LENGTH]);

    private HmacSha256() {}

    public static byte[] of(byte[] key, byte[]... parts) {
        RawKey ownKey = RawKey.owning(key.clone());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(ownKey);
            for (byte[] part : parts) {
                mac.update(part);
            }
            byte[] result = mac.doFinal();
            mac.init(NO_KEY);
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HMAC-SHA256.", e);
        } finally {
            ownKey.destroy();
        }
    }

    /** HKDF-Expand of RFC 5869, section 2.3, without the extract step; at most 64 bytes are ever needed. */
    public static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
        byte[] first = of(pseudoRandomKey, info, new byte[] {1});
        if (length <= LENGTH) {
            return prefixOf(first, length);
        }
        byte[] second = of(pseudoRandomKey, first, info, new byte[] {2});
        byte[] both = new byte[2 * LENGTH];
        System.arraycopy(first, 0, both, 0, LENGTH);
        System.arraycopy(second, 0, both, LENGTH, LENGTH);
        Wiping.wipe(first, second);
        return prefixOf(both, length);
    }

    private static byte[] prefixOf(byte[] bytes, int length) {
        if (length == bytes.length) {
            return bytes;
        }
        if (length > bytes.length) {
            throw new IllegalArgumentException("At most 64 bytes.");
        }
        byte[] prefix = Arrays.copyOf(bytes, length);
        Wiping.wipe(bytes);
        return prefix;
    }

    /**
     * The one case of PBKDF2 that {@code SecretKeyFactory} cannot do, since its passwords are text: a binary password,
     * one iteration and 32 bytes, which is a single HMAC over salt and block number.
     */
    public static byte[] pbkdf2OfOneIteration(byte[] password, byte[] salt) {
        return of(password, salt, new byte[] {0, 0, 0, 1});
    }
}
