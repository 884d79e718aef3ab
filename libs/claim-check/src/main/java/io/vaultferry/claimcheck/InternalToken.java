package io.vaultferry.claimcheck;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * The secret that the orchestrator shares with one participant, and the two keys derived from it. Thread-safe.
 *
 * <p>The participant shows the derived {@link #bearer()}, never the secret itself, and the orchestrator seals its answer
 * under the other derived key. So who reads along on the wire learns neither the secret nor the answer, even where the
 * services talk plain HTTP to each other; and who repeats the request gets an answer that he cannot open.
 */
public final class InternalToken {

    private static final int SHORTEST = 32;

    private final byte[] bearer;
    private final AesGcmJce sealing;

    private InternalToken(byte[] secret) {
        // Both names are part of what services say to each other: changing one breaks running services.
        byte[] authentication = StagingKey.derive(secret, "vaultferry internal v1: bearer");
        byte[] sealingKey = StagingKey.derive(secret, "vaultferry internal v1: sealed answers");
        try {
            this.bearer = Base64.getUrlEncoder().withoutPadding().encode(authentication);
            this.sealing = new AesGcmJce(sealingKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        } finally {
            Arrays.fill(sealingKey, (byte) 0);
            Arrays.fill(secret, (byte) 0);
        }
    }

    /**
     * Reads the configured text.
     *
     * @param text at least 32 characters of a random secret
     * @throws IllegalArgumentException when it is shorter
     */
    public static InternalToken of(String text) {
        String trimmed = text.trim();
        if (trimmed.length() < SHORTEST) {
            throw new IllegalArgumentException("an internal token has at least " + SHORTEST + " characters");
        }
        return new InternalToken(trimmed.getBytes(StandardCharsets.UTF_8));
    }

    /** What a participant sends after {@code Authorization: Bearer}. */
    public String bearer() {
        return new String(bearer, StandardCharsets.US_ASCII);
    }

    /** Whether a request showed this token; takes the same time whatever it showed. */
    public boolean accepts(String shownBearer) {
        return MessageDigest.isEqual(bearer, shownBearer.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Seals an answer.
     *
     * @param associatedData what the answer is, for example {@code grant|migration|side|service}
     */
    public byte[] seal(byte[] plaintext, String associatedData) {
        try {
            return sealing.encrypt(plaintext, associatedData.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /**
     * Opens an answer.
     *
     * @throws StagedDataDamagedException when it was altered, or sealed under another token or as something else
     */
    public byte[] open(byte[] sealed, String associatedData) {
        try {
            return sealing.decrypt(sealed, associatedData.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new StagedDataDamagedException("a sealed answer does not open");
        }
    }

    @Override
    public String toString() {
        return "InternalToken[redacted]";
    }
}
