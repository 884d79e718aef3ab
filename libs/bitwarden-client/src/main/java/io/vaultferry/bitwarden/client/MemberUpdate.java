package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Map;

/** A member as it shall be. Collections and groups are complete lists: what is missing is taken away. */
public record MemberUpdate(
        MemberRole role,
        Map<String, Object> permissions,
        List<Access<CollectionId>> collections,
        List<GroupId> groups) {
    public MemberUpdate {
        permissions = Map.copyOf(permissions);
        collections = List.copyOf(collections);
        groups = List.copyOf(groups);
    }
}
