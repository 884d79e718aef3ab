package io.vaultferry.bitwarden.client;

/** A membership of a person in an organization (the wire calls it organization user); not the id of the account. */
public record MemberId(String value) implements Id {
    public MemberId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
