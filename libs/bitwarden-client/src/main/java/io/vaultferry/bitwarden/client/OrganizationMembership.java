package io.vaultferry.bitwarden.client;

import java.util.Optional;

/**
 * The account's own membership in an organization.
 *
 * @param wrappedKey the organization's key, wrapped for the account's public key; absent before confirmation
 * @param viaProvider whether the account is here for a provider, in which case the key is wrapped differently
 */
public record OrganizationMembership(
        OrganizationId id,
        String name,
        MemberId memberId,
        MemberRole role,
        MemberStatus status,
        boolean enabled,
        boolean useGroups,
        boolean usePolicies,
        boolean viaProvider,
        Optional<String> wrappedKey) {
    @Override
    public String toString() {
        return "OrganizationMembership[" + id + ", " + role + "]";
    }
}
