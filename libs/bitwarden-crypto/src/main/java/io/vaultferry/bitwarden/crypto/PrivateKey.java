package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.RawKey;
import io.vaultferry.bitwarden.crypto.hazmat.RejectedException;
import io.vaultferry.bitwarden.crypto.hazmat.RsaOaep;
import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.util.Objects;

/**
 * An RSA-2048 private key, of a user or of an organization. Closing it wipes the encoded bytes; the JDK's own key object
 * lives only as long as one operation but cannot be wiped.
 */
public final class PrivateKey implements AutoCloseable {
    private final RawKey key;
    private final PublicKey publicKey;

    private PrivateKey(RawKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /**
     * Takes the array over.
     *
     * @param pkcs8 DER
     * @throws InvalidKeyException not an RSA-2048 private key; the array is wiped then
     */
    public static PrivateKey takeOwnershipOf(byte[] pkcs8) {
        try {
            return new PrivateKey(RawKey.owning(pkcs8), PublicKey.ofEncoded(RsaOaep.publicKeyOf(pkcs8)));
        } catch (RejectedException e) {
            Wiping.wipe(pkcs8);
            throw new InvalidKeyException("Not an RSA-2048 private key.");
        }
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * Decrypts a key that was wrapped for this key's holder, types 3 to 6.
     *
     * @throws DecryptionFailedException wrapped for somebody else, or altered
     * @throws UnsupportedEncryptionException any other type, or the key inside is one of "encryption V2"
     * @throws InvalidKeyException what is inside is no key
     */
    public SymmetricKey unwrap(EncString wrapped) {
        RsaOaep.Hash hash = switch (wrapped.type()) {
            case RSA_2048_OAEP_SHA256, RSA_2048_OAEP_SHA256_HMAC_SHA256 -> RsaOaep.Hash.SHA256;
            case RSA_2048_OAEP_SHA1, RSA_2048_OAEP_SHA1_HMAC_SHA256 -> RsaOaep.Hash.SHA1;
            case AES_256_CBC, AES_128_CBC_HMAC_SHA256, AES_256_CBC_HMAC_SHA256, COSE_ENCRYPT0 ->
                throw new UnsupportedEncryptionException(
                        "Encryption type " + wrapped.type().code() + " is not for a private key to decrypt.");
        };
        byte[] own = key.getEncoded();
        try {
            return SymmetricKey.ofUnwrapped(RsaOaep.decrypt(own, wrapped.part(0), hash));
        } catch (RejectedException e) {
            throw new DecryptionFailedException();
        } finally {
            Wiping.wipe(own);
        }
    }

    /** The PKCS#8 bytes, for the caller to wipe. */
    public byte[] reveal(RevealKeyBytes permission) {
        Objects.requireNonNull(permission, "permission");
        return bytes();
    }

    byte[] bytes() {
        return key.getEncoded();
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
        return "PrivateKey[redacted]";
    }
}
