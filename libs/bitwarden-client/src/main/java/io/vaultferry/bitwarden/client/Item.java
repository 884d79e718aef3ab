package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A vault item of an organization as the server answers it, still encrypted. The tree is the truth and is kept whole;
 * the methods read from it, so an item that a newer server sends with members unknown here loses none of them.
 */
public final class Item {
    private static final Map<Integer, String> CONTENT_MEMBERS = Map.of(
            1, "login",
            2, "secureNote",
            3, "card",
            4, "identity",
            5, "sshKey",
            6, "bankAccount",
            7, "driversLicense",
            8, "passport");

    /**
     * What a server makes by itself, what belongs to one person and not to the organization, and {@code data}: the
     * official server stores that verbatim instead of the typed members, so an old copy would undo what was encrypted
     * anew.
     */
    private static final Set<String> NOT_CONTENT = Set.of(
            "object",
            "id",
            "userId",
            "organizationId",
            "organizationUseTotp",
            "collectionIds",
            "folderId",
            "favorite",
            "edit",
            "viewPassword",
            "permissions",
            "attachments",
            "attachments2",
            "creationDate",
            "revisionDate",
            "lastKnownRevisionDate",
            "deletedDate",
            "archivedDate",
            "encryptedFor",
            "encryptedByKeyId",
            "localData",
            "data",
            "partialData");

    private final ItemId id;
    private final int type;
    private final Map<String, Object> json;

    private Item(ItemId id, int type, Map<String, Object> json) {
        this.id = id;
        this.type = type;
        this.json = json;
    }

    /**
     * @param json an item of an answer; not copied, so leave it alone afterwards
     * @throws ProtocolViolationException when it is none
     */
    public static Item of(Map<String, Object> json) {
        JsonObject item = new JsonObject(json);
        return new Item(
                Ids.read(item.text("id"), ItemId::new), item.integer("type"), Collections.unmodifiableMap(json));
    }

    public ItemId id() {
        return id;
    }

    /** The wire's number: 1 login, 2 note, 3 card, 4 identity, 5 SSH key, 6 bank account, 7 license, 8 passport. */
    public int type() {
        return type;
    }

    /** @throws io.vaultferry.bitwarden.crypto.InvalidEncStringException when the server stores something else */
    public EncString name() {
        return EncString.parse(view().optionalText("name").orElse(""));
    }

    /**
     * The item's own key, wrapped; absent when its fields are encrypted under the organization's key.
     *
     * @throws io.vaultferry.bitwarden.crypto.InvalidEncStringException when the server stores something else
     */
    public Optional<EncString> key() {
        return view().optionalText("key").flatMap(EncString::parseOptional);
    }

    public List<CollectionId> collectionIds() {
        return view().texts("collectionIds").stream()
                .map(text -> Ids.read(text, CollectionId::new))
                .toList();
    }

    public List<Attachment> attachments() {
        return view().objects("attachments").stream().map(Answers::attachment).toList();
    }

    /** When the item was put into the trash, if it was. */
    public Optional<Instant> deletedAt() {
        return view().instant("deletedDate");
    }

    public Instant revisedAt() {
        return view().instant("revisionDate")
                .orElseThrow(() -> new ProtocolViolationException("The answer lacks the member 'revisionDate'."));
    }

    /** Whether the contents are one opaque value that only newer clients can open. */
    public boolean isOpaque() {
        String member = CONTENT_MEMBERS.get(type);
        return member != null && json.get(member) == null && json.get("data") instanceof String;
    }

    /** The whole answer; unmodifiable. */
    public Map<String, Object> json() {
        return json;
    }

    /**
     * What to send to create an item with these contents: every content member of the tree, those unknown here too, and
     * nothing that a server makes itself or that belongs to one person.
     *
     * @param tree of an item, encrypted for the organization that it goes to
     */
    public static Map<String, Object> requestBody(Map<String, Object> tree, OrganizationId organization) {
        Map<String, Object> body = new LinkedHashMap<>();
        tree.forEach((member, value) -> {
            if (!NOT_CONTENT.contains(member)) {
                body.put(member, value);
            }
        });
        if (body.get("login") instanceof Map<?, ?> login && login.get("uris") != null && login.containsKey("uri")) {
            // Older servers repeat the first address as "uri"; sent back with "uris" it would be stored twice.
            Map<Object, Object> withoutAlias = new LinkedHashMap<>(login);
            withoutAlias.remove("uri");
            body.put("login", withoutAlias);
        }
        body.put("organizationId", organization.value());
        body.put("folderId", null);
        body.put("favorite", false);
        return body;
    }

    private JsonObject view() {
        return new JsonObject(json);
    }

    @Override
    public String toString() {
        return "Item[" + id + ", type " + type + "]";
    }
}
