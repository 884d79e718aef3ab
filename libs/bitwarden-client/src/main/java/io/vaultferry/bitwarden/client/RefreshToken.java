package io.vaultferry.bitwarden.client;

/** What a new access token can be had for without logging in again. Lives for weeks: as secret as a password. */
public final class RefreshToken {
    private final String token;

    private RefreshToken(String token) {
        this.token = token;
    }

    public static RefreshToken of(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("Not a token.");
        }
        return new RefreshToken(token);
    }

    public String reveal() {
        return token;
    }

    @Override
    public String toString() {
        return "RefreshToken[redacted]";
    }
}
