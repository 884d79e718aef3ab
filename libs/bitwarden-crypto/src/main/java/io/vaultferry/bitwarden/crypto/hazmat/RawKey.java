package io.vaultferry.bitwarden.crypto.hazmat;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.invoke.VarHandle;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * Key bytes that can be wiped, which {@code SecretKeySpec} cannot.
 *
 * <p>A key may be destroyed by one thread while another one is about to use it. The user must then fail: it must never
 * go on with bytes that are half or wholly zero, since whatever it encrypted would be readable by anyone. Hence the
 * order: the flag is raised before the first byte is wiped, and it is read after the last byte was copied.
 */
public final class RawKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private transient volatile boolean destroyed;

    private RawKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The caller gives the array away. */
    public static RawKey owning(byte[] bytes) {
        return new RawKey(bytes);
    }

    static RawKey copyOf(byte[] bytes, int from, int to) {
        return new RawKey(Arrays.copyOfRange(bytes, from, to));
    }

    /** A copy, for the caller to wipe. */
    @Override
    public byte[] getEncoded() {
        byte[] copy = bytes.clone();
        VarHandle.acquireFence();
        if (destroyed) {
            Arrays.fill(copy, (byte) 0);
            throw new IllegalStateException("The key was destroyed.");
        }
        return copy;
    }

    /** Compares in constant time. */
    public boolean sameAs(RawKey other) {
        byte[] mine = getEncoded();
        byte[] others = other.getEncoded();
        try {
            return MessageDigest.isEqual(mine, others);
        } finally {
            Arrays.fill(mine, (byte) 0);
            Arrays.fill(others, (byte) 0);
        }
    }

    @Override
    public void destroy() {
        destroyed = true;
        VarHandle.fullFence();
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public String toString() {
        return "RawKey[redacted]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(RawKey.class.getName());
    }
}
