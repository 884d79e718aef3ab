package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import java.util.List;
import java.util.Optional;

/**
 * A collection with the access that groups and members have to it.
 *
 * <p>Vaultwarden distorts this view: {@code members} also lists everybody who may see all collections, as managing it,
 * and {@code manage} of a group reads true whenever it may read and see passwords. The truth is in {@link Group} and
 * {@link Member}.
 *
 * @param nameText the encrypted name, as sent
 * @param personal whether this is the "My items" collection of one member, which nobody else can create or edit
 */
public record Collection(
        CollectionId id,
        String nameText,
        Optional<String> externalId,
        boolean personal,
        List<Access<GroupId>> groups,
        List<Access<MemberId>> members) {
    public Collection {
        groups = List.copyOf(groups);
        members = List.copyOf(members);
    }

    /** @throws io.vaultferry.bitwarden.crypto.InvalidEncStringException when the server stores something else */
    public EncString name() {
        return EncString.parse(nameText);
    }

    @Override
    public String toString() {
        return "Collection[" + id + "]";
    }
}
