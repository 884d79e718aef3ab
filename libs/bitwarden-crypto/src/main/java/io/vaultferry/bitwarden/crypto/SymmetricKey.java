package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class SymmetricKey implements AutoCloseable {
    public static final int LENGTH = 64;

    private SymmetricKey() {}

    public static SymmetricKey make() {
        throw new UnsupportedOperationException();
    }

    public static SymmetricKey takeOwnershipOf(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    public static SymmetricKey takeCopyOf(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    public SymmetricKey copy() {
        throw new UnsupportedOperationException();
    }

    public boolean sameAs(SymmetricKey other) {
        throw new UnsupportedOperationException();
    }

    public EncString encrypt(byte[] plaintext) {
        throw new UnsupportedOperationException();
    }

    public EncString encryptText(String plaintext) {
        throw new UnsupportedOperationException();
    }

    public byte[] decrypt(EncString encrypted) {
        throw new UnsupportedOperationException();
    }

    public String decryptText(EncString encrypted) {
        throw new UnsupportedOperationException();
    }

    public EncString wrap(SymmetricKey key) {
        throw new UnsupportedOperationException();
    }

    public SymmetricKey unwrap(EncString wrapped) {
        throw new UnsupportedOperationException();
    }

    public EncString wrap(PrivateKey key) {
        throw new UnsupportedOperationException();
    }

    public PrivateKey unwrapPrivateKey(EncString wrapped) {
        throw new UnsupportedOperationException();
    }

    public byte[] keyedHash(byte[]... parts) {
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
