package io.vaultferry.bitwarden.crypto.hazmat;

import java.util.Arrays;

/** The two halves of a 64-byte key: the first encrypts (AES-256-CBC), the second authenticates (HMAC-SHA256). */
public final class AesCbcHmacKey {
    public static final int LENGTH = 64;

    private static final int HALF = LENGTH / 2;

    private final RawKey encryption;
    private final RawKey authentication;

    private AesCbcHmacKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("Not a key of 64 bytes.");
        }
        this.encryption = RawKey.copyOf(bytes, 0, HALF);
        this.authentication = RawKey.copyOf(bytes, HALF, LENGTH);
    }

    /** Copies; the array stays the caller's to wipe. */
    public static AesCbcHmacKey copyOf(byte[] bytes) {
        return new AesCbcHmacKey(bytes);
    }

    /** A copy, for the caller to wipe. */
    public byte[] bytes() {
        byte[] first = encryption.getEncoded();
        byte[] both = null;
        byte[] second = null;
        try {
            second = authentication.getEncoded();
            both = Arrays.copyOf(first, LENGTH);
            System.arraycopy(second, 0, both, HALF, HALF);
            return both;
        } finally {
            Arrays.fill(first, (byte) 0);
            if (second != null) {
                Arrays.fill(second, (byte) 0);
            }
        }
    }

    RawKey encryption() {
        return encryption;
    }

    RawKey authentication() {
        return authentication;
    }

    /** Compares in constant time. */
    public boolean sameAs(AesCbcHmacKey other) {
        // Both are always compared: how much is equal is nobody's business.
        boolean sameEncryption = encryption.sameAs(other.encryption);
        boolean sameAuthentication = authentication.sameAs(other.authentication);
        return sameEncryption && sameAuthentication;
    }

    /** Wipes the key, also out of the ciphers that are kept for reuse. */
    public void destroy() {
        encryption.destroy();
        authentication.destroy();
        EnginePool.forget(this);
    }

    public boolean isDestroyed() {
        return encryption.isDestroyed();
    }

    @Override
    public String toString() {
        return "AesCbcHmacKey[redacted]";
    }
}
