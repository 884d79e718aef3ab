package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Optional;

/**
 * A group as it shall be. Collections and members are complete lists: what is missing is taken away.
 *
 * @param externalId taken by Vaultwarden when the group is created, ignored later and by the official server
 * @param accessAll may use every collection; Vaultwarden only
 */
public record GroupRequest(
        String name,
        Optional<String> externalId,
        boolean accessAll,
        List<Access<CollectionId>> collections,
        List<MemberId> members) {
    public GroupRequest {
        collections = List.copyOf(collections);
        members = List.copyOf(members);
    }

    @Override
    public String toString() {
        return "GroupRequest[redacted]";
    }
}
