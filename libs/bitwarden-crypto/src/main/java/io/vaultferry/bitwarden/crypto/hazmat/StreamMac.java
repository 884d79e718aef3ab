package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/** HMAC-SHA256 over a stream, with the authenticating half of a key. Holds what it needs of the key until closed. */
public final class StreamMac implements AutoCloseable {
    private static final RawKey NO_KEY = RawKey.owning(new byte[32]);

    private final Mac mac;

    public StreamMac(AesCbcHmacKey key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(NO_KEY);
            mac.init(key.authentication());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HMAC-SHA256.", e);
        }
    }

    public void update(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
    }

    public byte[] finish() {
        return mac.doFinal();
    }

    /** Ends the computation and compares in constant time. */
    public boolean finishesWith(byte[] expected) {
        return MessageDigest.isEqual(mac.doFinal(), expected);
    }

    @Override
    public void close() {
        try {
            mac.init(NO_KEY);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot wipe a MAC.", e);
        }
    }
}
