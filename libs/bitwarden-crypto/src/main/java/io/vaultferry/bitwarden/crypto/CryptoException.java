package io.vaultferry.bitwarden.crypto;

import java.util.Optional;

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

    private final String field;
    private final String reason;

    CryptoException(String field, String reason) {
        super(field.isEmpty() ? reason : field + ": " + reason, null, false, true);
        this.field = field;
        this.reason = reason;
    }

    /** Where in an item it happened, such as {@code login.uris[0].uri}; empty outside of items. */
    public final Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** The same failure, seen from one level further out. */
    final CryptoException inside(String outerField) {
        String path = field.isEmpty() || field.startsWith("[") ? outerField + field : outerField + "." + field;
        return switch (this) {
            case InvalidEncStringException e -> new InvalidEncStringException(path, reason);
            case UnsupportedEncryptionException e -> new UnsupportedEncryptionException(path, reason);
            case DecryptionFailedException e -> new DecryptionFailedException(path);
            case InvalidKeyException e -> new InvalidKeyException(path, reason);
        };
    }
}
