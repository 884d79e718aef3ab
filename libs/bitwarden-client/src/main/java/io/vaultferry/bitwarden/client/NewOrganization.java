package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.PublicKey;

/**
 * An organization to create.
 *
 * @param key the new organization's key, wrapped for the owner's public key
 * @param publicKey of the organization's own key pair
 * @param wrappedPrivateKey of that pair, under the organization's key
 * @param firstCollectionName under the organization's key; servers create one collection with it
 */
public record NewOrganization(
        String name,
        String billingEmail,
        EncString key,
        PublicKey publicKey,
        EncString wrappedPrivateKey,
        EncString firstCollectionName) {
    @Override
    public String toString() {
        return "NewOrganization[redacted]";
    }
}
