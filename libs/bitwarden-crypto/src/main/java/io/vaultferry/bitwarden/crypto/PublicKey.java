package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class PublicKey {
    private PublicKey() {}

    public static PublicKey fromBase64(String subjectPublicKeyInfo) {
        throw new UnsupportedOperationException();
    }

    public String base64() {
        throw new UnsupportedOperationException();
    }

    public EncString wrap(SymmetricKey key) {
        throw new UnsupportedOperationException();
    }
}
