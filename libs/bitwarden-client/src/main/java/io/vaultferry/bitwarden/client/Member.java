package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A person's membership in an organization.
 *
 * @param userId absent while invited on an official server
 * @param name absent while invited
 * @param accessAll may use every collection whatever {@code collections} says; Vaultwarden only
 * @param collections access given to the person itself; Vaultwarden leaves it empty for whoever may use every collection
 * @param groups the groups that the member is in
 * @param permissions of a custom role, by the wire's names; empty when the server gives none
 */
public record Member(
        MemberId id,
        Optional<UserId> userId,
        String email,
        Optional<String> name,
        Optional<String> externalId,
        MemberStatus status,
        MemberRole role,
        boolean accessAll,
        boolean twoFactorEnabled,
        List<Access<CollectionId>> collections,
        List<GroupId> groups,
        Map<String, Object> permissions) {
    public Member {
        collections = List.copyOf(collections);
        groups = List.copyOf(groups);
    }

    Member withCollections(List<Access<CollectionId>> given) {
        return new Member(
                id,
                userId,
                email,
                name,
                externalId,
                status,
                role,
                accessAll,
                twoFactorEnabled,
                given,
                groups,
                permissions);
    }

    @Override
    public String toString() {
        return "Member[" + id + ", " + role + ", " + status + "]";
    }
}
