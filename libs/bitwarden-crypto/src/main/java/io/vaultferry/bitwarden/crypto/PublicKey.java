package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.RsaOaep;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.util.Arrays;
import java.util.Base64;

/**
 * An RSA-2048 public key. Servers hand out the public keys of members, and a malicious one could hand out its own:
 * compare the {@link FingerprintPhrase} or a key known from elsewhere before wrapping an organization's key for it.
 */
public final class PublicKey {
    private final byte[] encoded;

    private PublicKey(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * @param subjectPublicKeyInfo DER in base64, as servers store it
     * @throws InvalidKeyException not base64, or not an RSA-2048 public key
     */
    public static PublicKey fromBase64(String subjectPublicKeyInfo) {
        try {
            return ofEncoded(Base64.getDecoder().decode(subjectPublicKeyInfo));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("Not a public key in base64.");
        }
    }

    static PublicKey ofEncoded(byte[] subjectPublicKeyInfo) {
        try {
            RsaOaep.requirePublicKey(subjectPublicKeyInfo);
        } catch (RejectedException e) {
            throw new InvalidKeyException("Not an RSA-2048 public key.");
        }
        return new PublicKey(subjectPublicKeyInfo);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(encoded);
    }

    /** Encrypts a key so that only the holder of the private key can read it (type 4). Differs each time. */
    public EncString wrap(SymmetricKey key) {
        byte[] bytes = key.raw().bytes();
        try {
            return EncString.ofRsa(RsaOaep.encrypt(encoded, bytes));
        } finally {
            Wiping.wipe(bytes);
        }
    }

    byte[] encoded() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "PublicKey[" + base64() + "]";
    }
}
