package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class FingerprintPhrase {
    private FingerprintPhrase() {}

    public static String of(String userId, PublicKey key) {
        throw new UnsupportedOperationException();
    }
}
