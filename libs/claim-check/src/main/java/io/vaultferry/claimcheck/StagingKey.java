package io.vaultferry.claimcheck;

import com.google.crypto.tink.SecretKeyAccess;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.subtle.PrfHmacJce;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which one migration seals whatever it keeps outside memory. Thread-safe.
 *
 * <p>Three keys are derived from 32 random bytes with HKDF-SHA256, one for each use, so that none can stand in for
 * another: AES-256-GCM for records, AES-256-GCM in segments of 64 KiB with an HKDF key for each document (Tink's streaming
 * AEAD; a stream needs one segment of memory), and HMAC-SHA256 for fingerprints. Everything sealed is bound to a text, the
 * associated data, that says what it is: opening it as something else fails.
 *
 * <p>Closing overwrites the 32 bytes and drops the derived keys. The Java platform's own copies of the derived keys stay
 * in the heap until the collector reuses their memory.
 */
public final class StagingKey implements AutoCloseable {

    /** Length of the key in bytes. */
    public static final int LENGTH = 32;

    private static final int SEGMENT = 64 * 1024;
    private static final String HMAC = "HMACSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;
    private volatile Derived derived;

    private StagingKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a staging key has " + LENGTH + " bytes");
        }
        this.bytes = bytes;
        this.derived = Derived.from(bytes);
    }

    /** Makes a random key. */
    public static StagingKey make() {
        byte[] bytes = new byte[LENGTH];
        RANDOM.nextBytes(bytes);
        return new StagingKey(bytes);
    }

    /** Uses the array itself: it is overwritten when the key is closed, and the caller must not touch it any more. */
    public static StagingKey takeOwnershipOf(byte[] bytes) {
        return new StagingKey(bytes);
    }

    /** Uses a copy: the array stays the caller's to overwrite. */
    public static StagingKey takeCopyOf(byte[] bytes) {
        return new StagingKey(bytes.clone());
    }

    /**
     * Seals a record.
     *
     * @param associatedData what the record is, for example {@code migration|kind|id}; needed again to open it
     */
    public byte[] seal(byte[] plaintext, String associatedData) {
        try {
            return derived().records.encrypt(plaintext, utf8(associatedData));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /**
     * Opens a record.
     *
     * @throws StagedDataDamagedException when it was altered, or sealed under another key or as something else
     */
    public byte[] open(byte[] sealed, String associatedData) {
        try {
            return derived().records.decrypt(sealed, utf8(associatedData));
        } catch (GeneralSecurityException e) {
            // Without its cause: why something does not open helps only who tampers with it.
            throw new StagedDataDamagedException("a sealed record does not open");
        }
    }

    /**
     * Seals a document while it is written. Only closing the returned stream completes the document; it closes
     * {@code out} too.
     *
     * @param associatedData what the document is; needed again to open it
     */
    public OutputStream sealing(OutputStream out, String associatedData) throws IOException {
        try {
            return new FilterOutputStream(derived().documents.newEncryptingStream(out, utf8(associatedData))) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    super.out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    // FilterOutputStream flushes first, and Tink's stream has nothing to flush before its last segment.
                    super.out.close();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /**
     * Opens a document while it is read. Every byte that a read hands out is authentic and in its place; that the document
     * is complete is known when the end is reached. Reads throw {@link StagedDataDamagedException} when the document was
     * altered, cut short, or sealed under another key or as something else, and {@link StagingUnavailableException} when
     * {@code in} fails. Closing closes {@code in} too.
     */
    public InputStream opening(InputStream in, String associatedData) throws IOException {
        try {
            InputStream opened =
                    derived().documents.newDecryptingStream(new StoreFailuresTold(in), utf8(associatedData));
            return new DamageTold(opened);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to decrypt", e);
        }
    }

    /**
     * A text's keyed hash (HMAC-SHA256, base64url): equal texts of one migration can be found by it without being stored,
     * and nobody without the key can tell whether a guessed text is the one.
     */
    public String fingerprint(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(keyedHash(utf8(text)));
    }

    /** The same for bytes, as 32 bytes. */
    public byte[] keyedHash(byte[] data) {
        try {
            return derived().fingerprints.compute(data, 32);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    /** A copy of the 32 bytes, which the caller has to overwrite. Needs Tink's token so that every use can be found. */
    public byte[] reveal(SecretKeyAccess access) {
        Objects.requireNonNull(access, "access");
        derived();
        return bytes.clone();
    }

    public boolean isDestroyed() {
        return derived == null;
    }

    /** Destroys the key; every other method fails from now on. */
    @Override
    public void close() {
        derived = null;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "StagingKey[redacted]";
    }

    private Derived derived() {
        Derived current = derived;
        if (current == null) {
            throw new IllegalStateException("the staging key has been destroyed");
        }
        return current;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] derive(byte[] secret, String use) {
        try {
            return Hkdf.computeHkdf(HMAC, secret, new byte[0], utf8(use), LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    private record Derived(AesGcmJce records, AesGcmHkdfStreaming documents, PrfHmacJce fingerprints) {

        static Derived from(byte[] secret) {
            // The names are part of the format of everything staged: changing one makes it unreadable.
            byte[] recordKey = derive(secret, "vaultferry staging v1: records");
            byte[] documentKey = derive(secret, "vaultferry staging v1: documents");
            byte[] fingerprintKey = derive(secret, "vaultferry staging v1: fingerprints");
            try {
                return new Derived(
                        new AesGcmJce(recordKey),
                        new AesGcmHkdfStreaming(documentKey, HMAC, LENGTH, SEGMENT, 0),
                        new PrfHmacJce(HMAC, new SecretKeySpec(fingerprintKey, HMAC)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has AES-GCM and HMAC-SHA256", e);
            } finally {
                Arrays.fill(recordKey, (byte) 0);
                Arrays.fill(documentKey, (byte) 0);
                Arrays.fill(fingerprintKey, (byte) 0);
            }
        }

        @Override
        public String toString() {
            return "Derived[redacted]";
        }
    }

    /** Tells a store that fails from a document that does not open: Tink reports both as an IOException. */
    private static final class StoreFailuresTold extends FilterInputStream {

        StoreFailuresTold(InputStream in) {
            super(in);
        }

        @Override
        public int read() {
            try {
                return in.read();
            } catch (IOException e) {
                throw new StagingUnavailableException("a staged document cannot be read", e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw new StagingUnavailableException("a staged document cannot be read", e);
            }
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    private static final class DamageTold extends FilterInputStream {

        DamageTold(InputStream in) {
            super(in);
        }

        @Override
        public int read() {
            try {
                return in.read();
            } catch (IOException e) {
                throw damaged();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw damaged();
            }
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private static StagedDataDamagedException damaged() {
            return new StagedDataDamagedException("a sealed document does not open");
        }
    }
}
