package io.vaultferry.bitwarden.crypto;

/**
 * Wrong key, or data that was altered or damaged. Deliberately does not say which of them, nor anything about the data:
 * at most the name of the item's field.
 */
public final class DecryptionFailedException extends CryptoException {
    private static final long serialVersionUID = 1L;

    DecryptionFailedException() {
        this("");
    }

    DecryptionFailedException(String field) {
        super(field, "Decryption failed.");
    }
}
