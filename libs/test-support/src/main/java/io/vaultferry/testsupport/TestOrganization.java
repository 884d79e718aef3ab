package io.vaultferry.testsupport;

import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.crypto.SymmetricKey;

/** An organization with its key. */
public record TestOrganization(OrganizationId id, SymmetricKey key) {

    @Override
    public String toString() {
        return "TestOrganization[" + id + "]";
    }
}
