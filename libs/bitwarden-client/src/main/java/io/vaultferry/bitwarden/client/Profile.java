package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Optional;

/**
 * The account that is logged in.
 *
 * @param organizations the confirmed memberships
 */
public record Profile(
        UserId id,
        String email,
        Optional<String> name,
        boolean twoFactorEnabled,
        List<OrganizationMembership> organizations) {
    public Profile {
        organizations = List.copyOf(organizations);
    }

    @Override
    public String toString() {
        return "Profile[" + id + "]";
    }
}
