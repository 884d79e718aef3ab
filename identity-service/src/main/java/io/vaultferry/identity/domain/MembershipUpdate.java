package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberUpdate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has to change for somebody who was in the target before, so that they have there what they have in the source too.
 * Nothing that they have in the target is taken away: a server replaces a membership as a whole, so all of it is in the update.
 */
public final class MembershipUpdate {

    private MembershipUpdate() {}

    /**
     * Compares and adds.
     *
     * @param person as in the source
     * @param there the same person in the target
     * @param migrationAccount whether it is the account that migrates, whose role stays as it is
     * @return what to write; empty when nothing has to change
     */
    public static Optional<MemberUpdate> of(
            Member person, Member there, Translation translation, boolean migrationAccount) {
        MemberRole role = migrationAccount ? there.role() : higher(there.role(), person.role());
        // Who may use every collection needs no access to single ones, and Vaultwarden does not keep it.
        List<Access<CollectionId>> access = there.accessAll()
                ? there.collections()
                : Translation.union(there.collections(), translation.access(person.collections()));
        List<GroupId> groups = Translation.unionOfGroups(there.groups(), translation.groups(person.groups()));
        Map<String, Object> permissions =
                migrationAccount ? there.permissions() : permissions(person.permissions(), there.permissions());
        boolean asItShallBe = role == there.role()
                && granted(there.permissions()).containsAll(granted(permissions))
                && Set.copyOf(access).equals(Set.copyOf(there.collections()))
                && Set.copyOf(groups).equals(Set.copyOf(there.groups()));
        return asItShallBe ? Optional.empty() : Optional.of(new MemberUpdate(role, permissions, access, groups));
    }

    private static MemberRole higher(MemberRole one, MemberRole other) {
        return rank(other) > rank(one) ? other : one;
    }

    private static int rank(MemberRole role) {
        return switch (role) {
            case USER -> 0;
            case MANAGER, CUSTOM -> 1;
            case ADMIN -> 2;
            case OWNER -> 3;
        };
    }

    /** What either of them may do. */
    private static Map<String, Object> permissions(Map<String, Object> source, Map<String, Object> target) {
        Map<String, Object> permissions = new LinkedHashMap<>(target);
        granted(source).forEach(name -> permissions.put(name, true));
        return permissions;
    }

    private static Set<String> granted(Map<String, Object> permissions) {
        Set<String> granted = new LinkedHashSet<>();
        permissions.forEach((name, value) -> {
            if (Boolean.TRUE.equals(value)) {
                granted.add(name);
            }
        });
        return granted;
    }
}
