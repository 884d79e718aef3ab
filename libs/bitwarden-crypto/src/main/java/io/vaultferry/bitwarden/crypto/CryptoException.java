package io.vaultferry.bitwarden.crypto;

/**
 * The sealed family of everything that can go wrong with encrypted data and keys.
 *
 * <p>No message of any member contains plaintext, key material or the encrypted text itself, and none has a cause: a
 * provider's own exception could tell an attacker why a decryption failed.
 */
public abstract sealed class CryptoException extends RuntimeException
        permits InvalidEncStringException,
                UnsupportedEncryptionException,
                DecryptionFailedException,
                InvalidKeyException {
    private static final long serialVersionUID = 1L;

    CryptoException(String message) {
        super(message, null, false, true);
    }

    /** The same failure, with the JSON path of the item's field where it happened added to the message. */
    abstract CryptoException at(String path);
}
