package io.vaultferry.bitwarden.client;

import java.util.List;
import java.util.Optional;

/**
 * A group with the collections it may use and its members. Its name is not encrypted.
 *
 * @param accessAll may use every collection; Vaultwarden only
 */
public record Group(
        GroupId id,
        String name,
        Optional<String> externalId,
        boolean accessAll,
        List<Access<CollectionId>> collections,
        List<MemberId> members) {
    public Group {
        collections = List.copyOf(collections);
        members = List.copyOf(members);
    }

    @Override
    public String toString() {
        return "Group[" + id + "]";
    }
}
