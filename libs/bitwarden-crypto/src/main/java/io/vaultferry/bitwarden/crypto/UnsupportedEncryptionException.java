package io.vaultferry.bitwarden.crypto;

/** Well-formed, but of a kind that is refused; the message says why. */
public final class UnsupportedEncryptionException extends CryptoException {
    private static final long serialVersionUID = 1L;

    UnsupportedEncryptionException(String message) {
        super(message);
    }

    @Override
    UnsupportedEncryptionException at(String path) {
        return new UnsupportedEncryptionException(path + ": " + getMessage());
    }
}
