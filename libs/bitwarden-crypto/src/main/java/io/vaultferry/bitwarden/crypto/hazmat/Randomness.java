package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.SecureRandom;

/** The one source of random bytes. */
public final class Randomness {
    private static final SecureRandom SOURCE = new SecureRandom();

    private Randomness() {}

    static void fill(byte[] bytes) {
        SOURCE.nextBytes(bytes);
    }

    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        fill(bytes);
        return bytes;
    }
}
