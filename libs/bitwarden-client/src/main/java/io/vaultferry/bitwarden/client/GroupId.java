package io.vaultferry.bitwarden.client;

/** A group of an organization. */
public record GroupId(String value) implements Id {
    public GroupId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
