package io.vaultferry.bitwarden.crypto.hazmat;

import java.util.Arrays;

/**
 * Overwrites arrays. The JVM's garbage collector may have copied an array before; such remnants are out of reach of any
 * Java program.
 */
public final class Wiping {
    private Wiping() {}

    /** Null is fine. */
    public static void wipe(byte[]... arrays) {
        for (byte[] array : arrays) {
            if (array != null) {
                Arrays.fill(array, (byte) 0);
            }
        }
    }
}
