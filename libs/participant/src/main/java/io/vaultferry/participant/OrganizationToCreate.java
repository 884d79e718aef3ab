package io.vaultferry.participant;

import io.vaultferry.bitwarden.crypto.PublicKey;
import java.util.Objects;

/**
 * What an operator said about the target organization that is to be created.
 *
 * @param owner public key of the account that will own it; comes from the account's private key, never from the server
 */
public record OrganizationToCreate(String name, String billingEmail, PublicKey owner) {

    public OrganizationToCreate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(billingEmail, "billingEmail");
        Objects.requireNonNull(owner, "owner");
    }

    @Override
    public String toString() {
        return "OrganizationToCreate[redacted]";
    }
}
