package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.time.Instant;

/** A bearer token of one account on one server. */
public final class AccessToken {
    private final String token;
    private final Instant expiresAt;

    private AccessToken(String token, Instant expiresAt) {
        this.token = token;
        this.expiresAt = expiresAt;
    }

    /** @param expiresAt by this machine's clock */
    public static AccessToken of(String token, Instant expiresAt) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("Not a token.");
        }
        return new AccessToken(token, expiresAt);
    }

    public String reveal() {
        return token;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    boolean expiresWithin(Duration margin) {
        return !Instant.now().plus(margin).isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return "AccessToken[redacted]";
    }
}
