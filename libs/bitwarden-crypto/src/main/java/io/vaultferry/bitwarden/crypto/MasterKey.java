package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class MasterKey implements AutoCloseable {
    private MasterKey() {}

    public static MasterKey derive(Kdf kdf, char[] password, String salt) {
        throw new UnsupportedOperationException();
    }

    public String authenticationHash(char[] password) {
        throw new UnsupportedOperationException();
    }

    public SymmetricKey unwrapUserKey(EncString wrapped) {
        throw new UnsupportedOperationException();
    }

    public SymmetricKey unwrapLegacyUserKey(EncString wrapped) {
        throw new UnsupportedOperationException();
    }

    public EncString wrapUserKey(SymmetricKey userKey) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
