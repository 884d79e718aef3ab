package io.vaultferry.sandbox.server;

import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A vault item; never changed, only replaced.
 *
 * @param organizationId null for somebody's own item
 * @param userId null for an organization's item
 * @param deletedAt since when it is in the trash, or null
 * @param key its own key, wrapped, or null
 * @param content the members that come from the client, as a piece of JSON without the braces around it
 * @param favoriteOf accounts that marked it
 */
record Item(
        String id,
        int type,
        String organizationId,
        String userId,
        Instant createdAt,
        Instant revisedAt,
        Instant deletedAt,
        int reprompt,
        String key,
        SortedSet<String> collectionIds,
        List<Attachment> attachments,
        String content,
        SortedSet<String> favoriteOf) {

    /** The record of a file; its bytes may be missing. */
    record Attachment(String id, String fileName, long size, String key) {}

    static Item make(String id, String userId, Instant now) {
        return new Item(id, 0, null, userId, now, now, null, 0, null, new TreeSet<>(), List.of(), "", new TreeSet<>());
    }

    Item withContent(ItemContent content, String owningOrganization, String owningUser, Instant now) {
        return new Item(
                id,
                content.type(),
                owningOrganization,
                owningUser,
                createdAt,
                now,
                deletedAt,
                content.reprompt(),
                content.key(),
                collectionIds,
                attachments,
                content.json(),
                favoriteOf);
    }

    Item withFavorite(String account, boolean favorite) {
        return with(favoriteOf, set -> {
            if (favorite) {
                set.add(account);
            } else {
                set.remove(account);
            }
            return set;
        });
    }

    private Item with(SortedSet<String> favorites, UnaryOperator<SortedSet<String>> change) {
        return new Item(
                id,
                type,
                organizationId,
                userId,
                createdAt,
                revisedAt,
                deletedAt,
                reprompt,
                key,
                collectionIds,
                attachments,
                content,
                change.apply(new TreeSet<>(favorites)));
    }

    Item withDeletion(Instant deletion, Instant now) {
        return new Item(
                id,
                type,
                organizationId,
                userId,
                createdAt,
                now,
                deletion,
                reprompt,
                key,
                collectionIds,
                attachments,
                content,
                favoriteOf);
    }

    Item withCollections(SortedSet<String> ids) {
        return new Item(
                id,
                type,
                organizationId,
                userId,
                createdAt,
                revisedAt,
                deletedAt,
                reprompt,
                key,
                ids,
                attachments,
                content,
                favoriteOf);
    }

    Item inCollection(String collectionId) {
        SortedSet<String> ids = new TreeSet<>(collectionIds);
        ids.add(collectionId);
        return withCollections(ids);
    }

    Item notInCollection(String collectionId) {
        SortedSet<String> ids = new TreeSet<>(collectionIds);
        ids.remove(collectionId);
        return withCollections(ids);
    }

    Item withAttachments(List<Attachment> others) {
        return new Item(
                id,
                type,
                organizationId,
                userId,
                createdAt,
                revisedAt,
                deletedAt,
                reprompt,
                key,
                collectionIds,
                List.copyOf(others),
                content,
                favoriteOf);
    }
}
