package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.HmacSha256;
import io.vaultferry.bitwarden.crypto.hazmat.Passwords;
import io.vaultferry.bitwarden.crypto.hazmat.RawKey;
import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.UnauthenticatedAesCbc;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/**
 * The 32 bytes that a master password and a salt (mostly the e-mail address) are turned into. Never leaves this process:
 * the server gets a hash of it, and the user key is wrapped under a stretched form of it. Source: {@code master_key.rs}
 * and {@code kdf.rs} in bitwarden/sdk-internal. Close it as soon as the user key is unwrapped.
 */
public final class MasterKey implements AutoCloseable {
    private static final int HALF = 32;

    private final RawKey key;

    private MasterKey(RawKey key) {
        this.key = key;
    }

    /**
     * Slow on purpose: a tenth of a second to seconds. Argon2id derivations wait for each other when their memory would
     * not fit into this process at once. Neither array is changed or kept; the password is the caller's to wipe.
     *
     * @param password exactly as typed: not trimmed, not normalized
     * @param salt trimmed and lower-cased here, as the official clients do
     * @throws InvalidKeyException the salt is blank, or Argon2id wants more memory than this process may use
     */
    public static MasterKey derive(Kdf kdf, char[] password, String salt) {
        byte[] saltBytes = salt.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        if (saltBytes.length == 0) {
            throw new InvalidKeyException("The salt of a master key is blank.");
        }
        return new MasterKey(RawKey.owning(deriveBytes(kdf, password, saltBytes)));
    }

    private static byte[] deriveBytes(Kdf kdf, char[] password, byte[] salt) {
        return switch (kdf) {
            case Kdf.Pbkdf2 pbkdf2 -> Passwords.pbkdf2(password, salt, pbkdf2.iterations());
            case Kdf.Argon2id argon2id -> {
                if (argon2id.memoryMiB() > Passwords.argon2BudgetMiB()) {
                    throw new InvalidKeyException("Argon2id wants " + argon2id.memoryMiB()
                            + " MiB, but this process may use only " + Passwords.argon2BudgetMiB()
                            + " MiB for it. Give it more memory (-Xmx).");
                }
                yield Passwords.argon2id(
                        password, sha256(salt), argon2id.iterations(), argon2id.memoryMiB(), argon2id.parallelism());
            }
        };
    }

    /** What servers call the master password hash: proves knowledge of the password without showing it. Base64. */
    public String authenticationHash(char[] password) {
        byte[] passwordBytes = Passwords.utf8(password);
        byte[] own = key.getEncoded();
        byte[] hash = HmacSha256.pbkdf2OfOneIteration(own, passwordBytes);
        try {
            return Base64.getEncoder().encodeToString(hash);
        } finally {
            Wiping.wipe(passwordBytes, own, hash);
        }
    }

    /**
     * @throws DecryptionFailedException most likely the password is wrong
     * @throws UnsupportedEncryptionException an account of "encryption V2", or the legacy form without MAC (for that,
     *     see {@link #unwrapLegacyUserKey})
     * @throws InvalidKeyException what is inside is no key
     */
    public SymmetricKey unwrapUserKey(EncString wrapped) {
        if (wrapped.type() == EncryptionType.AES_256_CBC) {
            throw new UnsupportedEncryptionException("The user key is protected without a MAC (type 0). "
                    + "Log in to the official web vault once: it renews such old accounts.");
        }
        try (SymmetricKey stretched = stretch()) {
            return stretched.unwrap(wrapped);
        }
    }

    /**
     * Type 0, as very old accounts have it. Nothing proves that the result is what the account's owner once stored: use
     * it only where a server that alters data is no concern.
     *
     * @throws DecryptionFailedException wrong password, or altered data that happened to be noticed
     */
    public SymmetricKey unwrapLegacyUserKey(EncString wrapped) {
        if (wrapped.type() != EncryptionType.AES_256_CBC) {
            return unwrapUserKey(wrapped);
        }
        try {
            return SymmetricKey.takeOwnershipOf(UnauthenticatedAesCbc.decrypt(key, wrapped.part(0), wrapped.part(1)));
        } catch (RejectedException | InvalidKeyException e) {
            throw new DecryptionFailedException();
        }
    }

    public EncString wrapUserKey(SymmetricKey userKey) {
        try (SymmetricKey stretched = stretch()) {
            return stretched.wrap(userKey);
        }
    }

    /** Wipes the key. Closing it again does nothing. */
    @Override
    public void close() {
        key.destroy();
    }

    public boolean isDestroyed() {
        return key.isDestroyed();
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }

    /** HKDF-Expand of each half; there is no extract step. */
    SymmetricKey stretch() {
        byte[] own = key.getEncoded();
        byte[] encryption = HmacSha256.expand(own, "enc".getBytes(StandardCharsets.US_ASCII), HALF);
        byte[] authentication = HmacSha256.expand(own, "mac".getBytes(StandardCharsets.US_ASCII), HALF);
        byte[] both = new byte[2 * HALF];
        System.arraycopy(encryption, 0, both, 0, HALF);
        System.arraycopy(authentication, 0, both, HALF, HALF);
        Wiping.wipe(own, encryption, authentication);
        return SymmetricKey.takeOwnershipOf(both);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256.", e);
        }
    }
}
