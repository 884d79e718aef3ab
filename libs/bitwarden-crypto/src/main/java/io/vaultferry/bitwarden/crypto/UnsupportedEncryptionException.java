package io.vaultferry.bitwarden.crypto;

/** Well-formed, but of a kind that is refused; the message says why. */
public final class UnsupportedEncryptionException extends CryptoException {
    private static final long serialVersionUID = 1L;

    UnsupportedEncryptionException(String reason) {
        this("", reason);
    }

    UnsupportedEncryptionException(String field, String reason) {
        super(field, reason);
    }
}
