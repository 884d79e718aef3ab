package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.Kdf;
import java.util.Optional;

/** A successful login: tokens, and the account's keys as the server stores them, still wrapped. */
public final class Login {
    private final Tokens tokens;
    private final Kdf kdf;
    private final String salt;
    private final String wrappedUserKey;
    private final String wrappedPrivateKey;

    Login(Tokens tokens, Kdf kdf, String saltOrNull, String wrappedUserKey, String wrappedPrivateKey) {
        this.tokens = tokens;
        this.kdf = kdf;
        this.salt = saltOrNull;
        this.wrappedUserKey = wrappedUserKey;
        this.wrappedPrivateKey = wrappedPrivateKey;
    }

    public AccessToken accessToken() {
        return tokens.accessToken();
    }

    /** Official servers give none after a login by API key: log in with the key again instead. */
    public Optional<RefreshToken> refreshToken() {
        return tokens.refreshToken();
    }

    Kdf kdf() {
        return kdf;
    }

    Optional<String> salt() {
        return Optional.ofNullable(salt);
    }

    String wrappedUserKey() {
        return wrappedUserKey;
    }

    String wrappedPrivateKey() {
        return wrappedPrivateKey;
    }

    @Override
    public String toString() {
        return "Login[redacted]";
    }
}
