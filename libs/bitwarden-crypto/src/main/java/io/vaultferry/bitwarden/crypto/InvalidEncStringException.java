package io.vaultferry.bitwarden.crypto;

/** Something that should be an encrypted string, file or item does not have the form of one. */
public final class InvalidEncStringException extends CryptoException {
    private static final long serialVersionUID = 1L;

    InvalidEncStringException(String reason) {
        this("", reason);
    }

    InvalidEncStringException(String field, String reason) {
        super(field, reason);
    }
}
