package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmac;
import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmacKey;
import io.vaultferry.bitwarden.crypto.hazmat.HmacSha256;
import io.vaultferry.bitwarden.crypto.hazmat.Randomness;
import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A 64-byte key for AES-256-CBC with HMAC-SHA256: a user's, an organization's, an item's or a file's key.
 *
 * <p>Thread-safe. Closing it wipes the bytes, here and in the ciphers kept for reuse; whatever uses it afterwards fails
 * with {@link IllegalStateException}. (Copies that the JVM's garbage collector made while it moved objects are out of
 * anyone's reach.) Has no equality over its bytes, no revealing {@code toString}, and cannot be serialized.
 */
public final class SymmetricKey implements AutoCloseable {
    public static final int LENGTH = AesCbcHmacKey.LENGTH;

    private static final byte[] KEYED_HASH = "vaultferry keyed hash".getBytes(StandardCharsets.US_ASCII);

    private final AesCbcHmacKey key;

    private SymmetricKey(AesCbcHmacKey key) {
        this.key = key;
    }

    /** A new random key. */
    public static SymmetricKey make() {
        return takeOwnershipOf(Randomness.bytes(LENGTH));
    }

    /**
     * Takes the array over and wipes it.
     *
     * @throws InvalidKeyException it is not 64 bytes long
     */
    public static SymmetricKey takeOwnershipOf(byte[] bytes) {
        try {
            return takeCopyOf(bytes);
        } finally {
            Wiping.wipe(bytes);
        }
    }

    /**
     * The array stays the caller's, to be wiped.
     *
     * @throws InvalidKeyException it is not 64 bytes long
     */
    public static SymmetricKey takeCopyOf(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new InvalidKeyException("Not a key of 64 bytes.");
        }
        return new SymmetricKey(AesCbcHmacKey.copyOf(bytes));
    }

    /** A key of its own with the same bytes: closing one leaves the other usable. */
    public SymmetricKey copy() {
        return takeOwnershipOf(key.bytes());
    }

    /** Compares in constant time. */
    public boolean sameAs(SymmetricKey other) {
        return key.sameAs(other.key);
    }

    /** Encrypts under a random IV, as type 2. */
    public EncString encrypt(byte[] plaintext) {
        return EncString.of(AesCbcHmac.seal(key, plaintext));
    }

    /** Encrypts the text's UTF-8 bytes. */
    public EncString encryptText(String plaintext) {
        return encrypt(plaintext.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decrypts type 2 and nothing else, after checking the MAC in constant time.
     *
     * @throws DecryptionFailedException wrong key, or altered data
     * @throws UnsupportedEncryptionException any other type
     */
    public byte[] decrypt(EncString encrypted) {
        return switch (encrypted.type()) {
            case AES_256_CBC_HMAC_SHA256 -> open(encrypted);
            case AES_256_CBC ->
                throw new UnsupportedEncryptionException(
                        "Encryption type 0 has no MAC: anyone could have altered the data unnoticed.");
            case AES_128_CBC_HMAC_SHA256 ->
                throw new UnsupportedEncryptionException("Encryption type 1 (AES-128) was retired.");
            case RSA_2048_OAEP_SHA256,
                    RSA_2048_OAEP_SHA1,
                    RSA_2048_OAEP_SHA256_HMAC_SHA256,
                    RSA_2048_OAEP_SHA1_HMAC_SHA256 ->
                throw new UnsupportedEncryptionException(
                        "Encryption type " + encrypted.type().code() + " (RSA) needs a private key.");
            case COSE_ENCRYPT0 ->
                throw new UnsupportedEncryptionException(
                        "Encryption type 7 (COSE, \"encryption V2\") is not supported.");
        };
    }

    private byte[] open(EncString encrypted) {
        try {
            return AesCbcHmac.open(key, encrypted.sealed());
        } catch (RejectedException e) {
            throw new DecryptionFailedException();
        }
    }

    /**
     * Decrypts text, which must be UTF-8.
     *
     * @throws DecryptionFailedException wrong key, altered data, or not UTF-8
     * @throws UnsupportedEncryptionException any type but 2
     */
    public String decryptText(EncString encrypted) {
        byte[] plaintext = decrypt(encrypted);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plaintext));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new DecryptionFailedException();
        } finally {
            Wiping.wipe(plaintext);
        }
    }

    /** Encrypts another key under this one. */
    public EncString wrap(SymmetricKey other) {
        byte[] bytes = other.key.bytes();
        try {
            return encrypt(bytes);
        } finally {
            Wiping.wipe(bytes);
        }
    }

    /**
     * @throws DecryptionFailedException wrong key, or altered data
     * @throws UnsupportedEncryptionException not type 2, or the key inside is one of "encryption V2"
     * @throws InvalidKeyException what is inside is no key
     */
    public SymmetricKey unwrap(EncString wrapped) {
        return ofUnwrapped(decrypt(wrapped));
    }

    /** Encrypts a private key under this key. */
    public EncString wrap(PrivateKey other) {
        byte[] bytes = other.bytes();
        try {
            return encrypt(bytes);
        } finally {
            Wiping.wipe(bytes);
        }
    }

    /**
     * @throws DecryptionFailedException wrong key, or altered data
     * @throws UnsupportedEncryptionException not type 2
     * @throws InvalidKeyException what is inside is no RSA-2048 private key
     */
    public PrivateKey unwrapPrivateKey(EncString wrapped) {
        return PrivateKey.takeOwnershipOf(decrypt(wrapped));
    }

    /**
     * A keyed hash of a sequence of byte strings, for comparing plaintexts without storing them. Uses a key derived for
     * this purpose alone, so that a hash says nothing about anything else done with this key.
     */
    public byte[] keyedHash(byte[]... parts) {
        byte[] own = key.bytes();
        byte[] derived = HmacSha256.expand(own, KEYED_HASH, 32);
        byte[][] framed = new byte[2 * parts.length][];
        for (int i = 0; i < parts.length; i++) {
            // The length goes first: else "ab","c" and "a","bc" would be the same.
            framed[2 * i] =
                    ByteBuffer.allocate(Integer.BYTES).putInt(parts[i].length).array();
            framed[2 * i + 1] = parts[i];
        }
        try {
            return HmacSha256.of(derived, framed);
        } finally {
            Wiping.wipe(own, derived);
        }
    }

    /** The 64 bytes, for the caller to wipe. */
    public byte[] reveal(RevealKeyBytes permission) {
        Objects.requireNonNull(permission, "permission");
        return key.bytes();
    }

    public boolean isDestroyed() {
        return key.isDestroyed();
    }

    /** Wipes the key. Closing it again does nothing. */
    @Override
    public void close() {
        key.destroy();
    }

    @Override
    public String toString() {
        return "SymmetricKey[redacted]";
    }

    /** Takes the bytes over. */
    static SymmetricKey ofUnwrapped(byte[] bytes) {
        if (bytes.length > LENGTH) {
            // Longer keys are padded COSE keys; everything else of that account would be of type 7.
            Wiping.wipe(bytes);
            throw new UnsupportedEncryptionException("The key belongs to \"encryption V2\", which is not supported.");
        }
        return takeOwnershipOf(bytes);
    }

    AesCbcHmacKey raw() {
        return key;
    }
}
