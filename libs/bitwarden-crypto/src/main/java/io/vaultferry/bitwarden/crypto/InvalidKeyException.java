package io.vaultferry.bitwarden.crypto;

/** Not a usable key: wrong size or algorithm, or key derivation settings outside the accepted bounds. */
public final class InvalidKeyException extends CryptoException {
    private static final long serialVersionUID = 1L;

    InvalidKeyException(String reason) {
        this("", reason);
    }

    InvalidKeyException(String field, String reason) {
        super(field, reason);
    }
}
