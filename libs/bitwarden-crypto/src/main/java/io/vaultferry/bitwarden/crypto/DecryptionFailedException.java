package io.vaultferry.bitwarden.crypto;

/**
 * Wrong key, or data that was altered or damaged. Deliberately says neither which of them nor where in the data: at
 * most the path of the item's field, which is no secret.
 */
public final class DecryptionFailedException extends CryptoException {
    private static final long serialVersionUID = 1L;

    DecryptionFailedException() {
        this("Decryption failed.");
    }

    private DecryptionFailedException(String message) {
        super(message);
    }

    @Override
    DecryptionFailedException at(String path) {
        return new DecryptionFailedException(path + ": " + getMessage());
    }
}
