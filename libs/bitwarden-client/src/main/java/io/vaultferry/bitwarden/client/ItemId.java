package io.vaultferry.bitwarden.client;

/** A vault item (the wire calls it a cipher). */
public record ItemId(String value) implements Id {
    public ItemId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
