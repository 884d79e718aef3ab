package io.vaultferry.bitwarden.client;

/** An attachment of an item. */
public record AttachmentId(String value) implements Id {
    public AttachmentId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
