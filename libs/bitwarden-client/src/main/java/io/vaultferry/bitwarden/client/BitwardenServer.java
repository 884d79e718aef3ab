package io.vaultferry.bitwarden.client;

/** Skeleton. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Skeleton.
public final class BitwardenServer implements AutoCloseable {
    private BitwardenServer() {}

    public static BitwardenServer at(ServerAddress address, ClientSettings settings) {
        throw new UnsupportedOperationException();
    }

    public ServerAddress address() {
        throw new UnsupportedOperationException();
    }

    public ServerInfo info() {
        throw new UnsupportedOperationException();
    }

    public ServerProfile profile() {
        throw new UnsupportedOperationException();
    }

    public Prelogin prelogin(String email) {
        throw new UnsupportedOperationException();
    }

    public Login logIn(PasswordCredentials credentials) {
        throw new UnsupportedOperationException();
    }

    public Login logIn(ApiKeyCredentials credentials) {
        throw new UnsupportedOperationException();
    }

    public Tokens refresh(RefreshToken refreshToken) {
        throw new UnsupportedOperationException();
    }

    public BitwardenSession session(AccessTokens tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
