package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class PrivateKey implements AutoCloseable {
    private PrivateKey() {}

    public static PrivateKey takeOwnershipOf(byte[] pkcs8) {
        throw new UnsupportedOperationException();
    }

    public PublicKey publicKey() {
        throw new UnsupportedOperationException();
    }

    public SymmetricKey unwrap(EncString wrapped) {
        throw new UnsupportedOperationException();
    }

    public byte[] reveal(RevealKeyBytes token) {
        throw new UnsupportedOperationException();
    }

    public boolean isDestroyed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
