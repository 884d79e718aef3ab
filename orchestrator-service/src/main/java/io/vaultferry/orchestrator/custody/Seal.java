package io.vaultferry.orchestrator.custody;

import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Seals records with AES-256-GCM and binds each to a text that says what it is, so that none can take another's place.
 *
 * <p>The Java platform keeps its own copy of the key in the heap until the collector reuses that memory.
 */
public final class Seal {

    private final AesGcmJce aead;

    private Seal(AesGcmJce aead) {
        this.aead = aead;
    }

    /** Uses 32 bytes as they are; the array stays the caller's to overwrite. */
    static Seal under(byte[] key) {
        try {
            return new Seal(new AesGcmJce(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Uses a key of its own for each use, derived from 32 bytes; the array stays the caller's to overwrite. */
    static Seal derivedFrom(byte[] key, String use) {
        byte[] derived = derive(key, use);
        try {
            return under(derived);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    static byte[] derive(byte[] key, String use) {
        try {
            return Hkdf.computeHkdf("HMACSHA256", key, new byte[0], utf8(use), KeyVault.KEY_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    /** @param what what the record is, for example {@code connection|<id>}; needed again to open it */
    public byte[] seal(byte[] plaintext, String what) {
        try {
            return aead.encrypt(plaintext, utf8(what));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /** @throws SealBrokenException when it was altered, or sealed under another key or as something else */
    public byte[] open(byte[] sealed, String what) {
        try {
            return aead.decrypt(sealed, utf8(what));
        } catch (GeneralSecurityException e) {
            // Without its cause: why something does not open helps only who tampers with it.
            throw new SealBrokenException(what);
        }
    }

    @Override
    public String toString() {
        return "Seal[redacted]";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
