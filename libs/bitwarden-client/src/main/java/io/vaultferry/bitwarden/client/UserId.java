package io.vaultferry.bitwarden.client;

/** An account, in whatever organizations it may be. */
public record UserId(String value) implements Id {
    public UserId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
