package io.vaultferry.bitwarden.crypto;

/** Something that should be an encrypted string or an encrypted file does not have the form of one. */
public final class InvalidEncStringException extends CryptoException {
    private static final long serialVersionUID = 1L;

    InvalidEncStringException(String message) {
        super(message);
    }

    @Override
    InvalidEncStringException at(String path) {
        return new InvalidEncStringException(path + ": " + getMessage());
    }
}
