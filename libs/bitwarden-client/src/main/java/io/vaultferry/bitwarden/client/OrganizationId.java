package io.vaultferry.bitwarden.client;

/** An organization. */
public record OrganizationId(String value) implements Id {
    public OrganizationId {
        Id.requireId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
