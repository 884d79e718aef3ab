package io.vaultferry.bitwarden.client;

import java.util.Map;
import java.util.OptionalInt;

/**
 * An organization's own settings and limits, as its owner sees them.
 *
 * @param seats absent: unlimited
 * @param maxCollections absent: unlimited
 * @param maxStorageGb absent: the organization cannot have attachments
 * @param json the whole answer
 */
public record Organization(
        OrganizationId id,
        String name,
        String billingEmail,
        boolean useGroups,
        boolean usePolicies,
        OptionalInt seats,
        OptionalInt maxCollections,
        OptionalInt maxStorageGb,
        boolean limitCollectionCreation,
        boolean limitCollectionDeletion,
        boolean limitItemDeletion,
        boolean allowAdminAccessToAllCollectionItems,
        Map<String, Object> json) {
    @Override
    public String toString() {
        return "Organization[" + id + "]";
    }
}
