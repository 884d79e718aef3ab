package io.vaultferry.importing.domain;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.Relationship;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.participant.journal.Intent;
import io.vaultferry.participant.journal.Listed;
import io.vaultferry.participant.journal.Payload;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.UnsettledWrite;
import io.vaultferry.participant.journal.WriteAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Imports items in chunks and recognizes each by an encrypted string that only this migration can have made: its own key,
 * which was wrapped anew, or its name, which was encrypted anew.
 */
public final class ItemWrite implements TargetWrite {

    private static final String COLLECTIONS = "collections";
    private static final String ITEM = "item";

    /** Bodies name the organization; it is the same for all and tells nothing. */
    private static final OrganizationId ANY = new OrganizationId("organization");

    private final BitwardenSession server;
    private final OrganizationId organization;
    private final Map<CollectionId, EncString> collectionNames;

    /**
     * @param collectionNames encrypted names of the target's collections as they are now: an import names each collection
     *     that it uses, and makes anew one that is not there
     */
    public ItemWrite(
            BitwardenSession server, OrganizationId organization, Map<CollectionId, EncString> collectionNames) {
        this.server = server;
        this.organization = organization;
        this.collectionNames = collectionNames;
    }

    /**
     * Says what to send for an item.
     *
     * @param moved the item's tree, encrypted for the target organization
     * @param collections the target's collections that it goes to
     */
    public static PlannedWrite plan(
            ItemId source, Map<String, Object> moved, OrganizationId organization, List<CollectionId> collections) {
        Map<String, Object> body = Item.requestBody(moved, organization);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put(COLLECTIONS, collections.stream().map(CollectionId::value).toList());
        payload.put(ITEM, body);
        return new PlannedWrite(source.value(), Payload.encode(payload), token(body));
    }

    /** The item as a payload of the journal holds it. */
    public static Map<String, Object> itemIn(byte[] payload) {
        return item(Payload.decodeTree(payload));
    }

    @SuppressWarnings("unchecked") // Written by plan().
    private static Map<String, Object> item(Map<String, Object> payload) {
        return (Map<String, Object>) payload.get(ITEM);
    }

    /** The target's collections that a payload of the journal names. */
    public static List<CollectionId> collectionsIn(byte[] payload) {
        return collections(Payload.decodeTree(payload));
    }

    @SuppressWarnings("unchecked") // Written by plan().
    private static List<CollectionId> collections(Map<String, Object> payload) {
        return ((List<String>) payload.get(COLLECTIONS))
                .stream().map(CollectionId::new).toList();
    }

    /**
     * The text by which an item is recognized: its own key, else its name. An item that has neither is not sent at all, see
     * {@link ItemAdmission}: it could not be told from others of that kind.
     */
    public static String token(Map<String, Object> item) {
        return item.get("key") instanceof String key && !key.isBlank() ? key : String.valueOf(item.get("name"));
    }

    /**
     * Tells whether somebody edited an item: a hash of its encrypted strings. Whoever edits one encrypts at least what
     * changed anew; the official clients all of it, others leave the name as it was.
     *
     * @param item as a server lists it, or as the journal holds it
     */
    public static String contentsOf(Map<String, Object> item) {
        SortedSet<String> strings = new TreeSet<>();
        collect(Item.requestBody(item, ANY), strings);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            strings.forEach(text -> digest.update((text + "\n").getBytes(StandardCharsets.UTF_8)));
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void collect(Object node, SortedSet<String> strings) {
        switch (node) {
            case Map<?, ?> map -> map.values().forEach(value -> collect(value, strings));
            case List<?> list -> list.forEach(value -> collect(value, strings));
            case String text when EncString.looksLikeEncString(text) -> strings.add(text);
            case null, default -> {}
        }
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_UNIQUE_TOKEN;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        List<Map<String, Object>> items = new ArrayList<>(unit.size());
        List<Relationship> relationships = new ArrayList<>();
        for (Intent intent : unit) {
            Map<String, Object> payload = Payload.decodeTree(intent.payload());
            for (CollectionId collection : collections(payload)) {
                // Somebody may have deleted it since it was planned; the item goes all the same, and VERIFY says so.
                if (collectionNames.containsKey(collection)) {
                    relationships.add(new Relationship(items.size(), collection));
                }
            }
            items.add(item(payload));
        }
        return WriteAnswer.of(() -> {
            server.importItems(organization, items, relationships, collectionNames);
            return List.of();
        });
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        server.forEachItem(
                organization,
                item -> found.accept(new Listed(
                        token(item.json()),
                        item.id().value(),
                        Optional.of(item.revisedAt()),
                        item.collectionIds().stream()
                                .map(CollectionId::value)
                                .sorted()
                                .toList()
                                .toString())));
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        server.deleteItems(
                organization, surplusTargetIds.stream().map(ItemId::new).toList());
    }
}
