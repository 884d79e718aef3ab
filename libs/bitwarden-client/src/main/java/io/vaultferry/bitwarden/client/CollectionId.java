package io.vaultferry.bitwarden.client;

/** A collection of an organization. */
public record CollectionId(String value) implements Id {
    public CollectionId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
