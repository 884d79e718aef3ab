package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Map;

/** One person to invite: one e-mail address a call, because Vaultwarden stops at the first that is known already. */
public record Invitation(
        String email,
        MemberRole role,
        Map<String, Object> permissions,
        List<Access<CollectionId>> collections,
        List<GroupId> groups) {
    public Invitation {
        permissions = Map.copyOf(permissions);
        collections = List.copyOf(collections);
        groups = List.copyOf(groups);
    }

    @Override
    public String toString() {
        return "Invitation[redacted]";
    }
}
