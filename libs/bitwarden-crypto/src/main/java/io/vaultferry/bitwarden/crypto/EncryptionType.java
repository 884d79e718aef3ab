package io.vaultferry.bitwarden.crypto;

/**
 * The number in front of an encrypted string. Source: {@code EncryptionType} in bitwarden/server and bitwarden/clients,
 * and {@code enc_string} in bitwarden/sdk-internal.
 */
public enum EncryptionType {
    /** No MAC. Old user keys only, and only under the 32-byte master key. */
    AES_256_CBC(0),
    /** Retired; parsed so that it can be named, never decrypted. */
    AES_128_CBC_HMAC_SHA256(1),
    /** What all data of an organization is encrypted with. */
    AES_256_CBC_HMAC_SHA256(2),
    /** Decrypted, never written. */
    RSA_2048_OAEP_SHA256(3),
    /** A key for the holder of a private key: organization keys for members. */
    RSA_2048_OAEP_SHA1(4),
    /** Obsolete form of type 3. The MAC adds nothing, since there is no key to check it with. */
    RSA_2048_OAEP_SHA256_HMAC_SHA256(5),
    /** Obsolete form of type 4, likewise. */
    RSA_2048_OAEP_SHA1_HMAC_SHA256(6),
    /** "Encryption V2" of user accounts; not used for the data of organizations. */
    COSE_ENCRYPT0(7);

    private final int code;

    EncryptionType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static EncryptionType ofCode(int code) {
        for (EncryptionType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new UnsupportedEncryptionException("Encryption type " + code + " is not known.");
    }
}
