package io.vaultferry.bitwarden.crypto;

import java.util.Optional;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class EncString {
    private EncString() {}

    public static EncString parse(String text) {
        throw new UnsupportedOperationException();
    }

    public static Optional<EncString> parseOptional(String textOrNull) {
        throw new UnsupportedOperationException();
    }

    public static boolean looksLikeEncString(String text) {
        throw new UnsupportedOperationException();
    }

    public EncryptionType type() {
        throw new UnsupportedOperationException();
    }

    public String text() {
        throw new UnsupportedOperationException();
    }
}
