package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an organization holds, in plain text and in a form in which two of them can be compared: each line is one object,
 * ids and dates of the server are left out, lists are sorted.
 *
 * @param collections name and external id
 * @param members e-mail, role and status, as numbers
 * @param items everything of an item, the names of its collections, and name, size and SHA-256 of its files
 */
public record DecryptedOrganization(List<String> collections, List<String> members, List<String> items) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PARTS = List.of("login", "secureNote", "card", "identity", "sshKey");
    private static final int TO_THE_SECOND = "2026-11-23T22:20:40".length();

    /** The recorded organization, as an independent client decrypted it. */
    public static DecryptedOrganization recorded() {
        try (InputStream in = DecryptedOrganization.class.getResourceAsStream("/recordings/decrypted.json")) {
            JsonNode json = JSON.readTree(in);
            List<String> collections = lines(json.get("collections"), JsonNode::toString);
            List<String> members = lines(
                    json.get("members"),
                    member -> JSON.createArrayNode()
                            .add(member.get(0))
                            .add(member.get(1))
                            .add(member.get(2))
                            .toString());
            List<String> items = lines(json.get("items"), DecryptedOrganization::recordedItem);
            return new DecryptedOrganization(collections, members, items);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An organization as the official client reads it, every file included. The client opens no file of an item in the trash:
     * such an item is restored for a moment and trashed again.
     */
    public static DecryptedOrganization readBy(OfficialClient.Serving client, String organizationId) {
        client.sync();
        JsonNode collections = client.collections(organizationId);
        Map<String, String> names = new HashMap<>();
        collections.forEach(collection -> names.put(
                collection.get("id").textValue(), collection.get("name").textValue()));
        List<String> items = new ArrayList<>();
        client.items(organizationId).forEach(item -> items.add(readItem(client, item, names, false)));
        for (JsonNode item : client.trashedItems(organizationId)) {
            boolean hasFiles = !item.path("attachments").isEmpty();
            String id = item.get("id").textValue();
            if (hasFiles) {
                client.restoreItem(id);
            }
            items.add(readItem(client, item, names, true));
            if (hasFiles) {
                client.trashItem(id);
            }
        }
        items.sort(String::compareTo);
        return new DecryptedOrganization(
                lines(
                        collections,
                        collection -> JSON.createArrayNode()
                                .add(collection.get("name"))
                                .add(collection.get("externalId"))
                                .toString()),
                lines(
                        client.members(organizationId),
                        member -> JSON.createArrayNode()
                                .add(member.get("email"))
                                .add(member.get("type"))
                                .add(member.get("status"))
                                .toString()),
                items);
    }

    private interface Line {
        String of(JsonNode node);
    }

    private static List<String> lines(JsonNode array, Line line) {
        List<String> lines = new ArrayList<>();
        array.forEach(node -> lines.add(line.of(node)));
        lines.sort(String::compareTo);
        return List.copyOf(lines);
    }

    private static String recordedItem(JsonNode item) {
        ObjectNode line = JSON.createObjectNode();
        for (String member : List.of("type", "name", "notes", "reprompt", "trashed")) {
            line.set(member, item.get(member));
        }
        line.set("collections", item.get("collections"));
        line.set("fields", item.get("fields"));
        line.set("passwordHistory", item.get("passwordHistory"));
        ArrayNode attachments = line.putArray("attachments");
        List<String> files = lines(
                item.get("attachments"),
                file -> file.get(0).textValue() + " " + file.get(1) + " "
                        + file.get(2).textValue());
        files.forEach(attachments::add);
        line.set("part", withoutNulls(item.get("part")));
        return line.toString();
    }

    private static String readItem(
            OfficialClient.Serving client, JsonNode item, Map<String, String> names, boolean trashed) {
        ObjectNode line = JSON.createObjectNode();
        line.set("type", item.get("type"));
        line.set("name", item.get("name"));
        line.set("notes", orNull(item, "notes"));
        line.set("reprompt", item.get("reprompt"));
        line.put("trashed", trashed);
        ArrayNode collections = line.putArray("collections");
        lines(item.get("collectionIds"), id -> names.get(id.textValue())).forEach(collections::add);
        ArrayNode fields = line.putArray("fields");
        item.path("fields")
                .forEach(field -> fields.addArray()
                        .add(field.get("type"))
                        .add(orNull(field, "name"))
                        .add(orNull(field, "value"))
                        .add(orNull(field, "linkedId")));
        ArrayNode history = line.putArray("passwordHistory");
        item.path("passwordHistory")
                .forEach(entry -> history.addArray()
                        .add(entry.get("password"))
                        .add(entry.get("lastUsedDate").textValue().substring(0, TO_THE_SECOND)));
        ArrayNode attachments = line.putArray("attachments");
        lines(item.path("attachments"), attachment -> {
                    byte[] content = client.attachment(
                            item.get("id").textValue(), attachment.get("id").textValue());
                    return attachment.get("fileName").textValue() + " " + content.length + " " + sha256(content);
                })
                .forEach(attachments::add);
        line.set("part", withoutNulls(item.get(PARTS.get(item.get("type").intValue() - 1))));
        return line.toString();
    }

    private static JsonNode orNull(JsonNode object, String member) {
        return object.hasNonNull(member) ? object.get(member) : JSON.nullNode();
    }

    /**
     * Sorted by name, without empty members, without the checksums of addresses, which the client does not show, and with
     * dates to the second, since the client and the server differ in the digits after it.
     */
    private static JsonNode withoutNulls(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(element -> array.add(withoutNulls(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(entry -> {
            boolean empty = entry.getValue().isNull()
                    || (entry.getValue().isArray() && entry.getValue().isEmpty());
            if (!empty && !entry.getKey().equals("uriChecksum")) {
                JsonNode value = withoutNulls(entry.getValue());
                boolean date = entry.getKey().endsWith("Date") && value.isTextual();
                sorted.put(
                        entry.getKey(),
                        date ? JSON.getNodeFactory().textNode(value.textValue().substring(0, TO_THE_SECOND)) : value);
            }
        });
        ObjectNode object = JSON.createObjectNode();
        object.setAll(sorted);
        return object;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
