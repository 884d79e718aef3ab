package io.vaultferry.contracts.grant;

import io.vaultferry.contracts.Side;
import java.time.Instant;

/**
 * Short-lived access to one side of one migration. Kept in memory only.
 *
 * @param serverUrl base URL of the server
 * @param organizationId the organization; null while the target organization is still to be created
 * @param organizationKey the organization's symmetric key (64 bytes, base64); null as above
 * @param accessToken bearer token of the account; null for a participant that needs only the keys of this side
 * @param expiresAt when the token ends, or without one, when to ask for the grant again
 * @param userId the account's id
 * @param email the account's e-mail address
 * @param deviceIdentifier the device identifier that the login used
 * @param stagingKey the migration's staging key, base64
 * @param newOrganizationName name of the organization to create; null when one is adopted
 * @param newOrganizationBillingEmail billing e-mail of the organization to create; null as above
 * @param newOrganizationOwnerKey public key (base64 of its DER form) of the account that will own the organization to create,
 *     derived from its private key: the server's word for it would let a hostile server have the new organization's key; null
 *     as above
 */
public record Grant(
        Side side,
        String serverUrl,
        String organizationId,
        String organizationKey,
        String accessToken,
        Instant expiresAt,
        String userId,
        String email,
        String deviceIdentifier,
        String stagingKey,
        String newOrganizationName,
        String newOrganizationBillingEmail,
        String newOrganizationOwnerKey) {

    @Override
    public String toString() {
        return "Grant[side=" + side + ", redacted]";
    }
}
