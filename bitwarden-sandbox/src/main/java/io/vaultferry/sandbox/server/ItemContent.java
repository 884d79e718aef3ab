package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An item as a client sends it, made into what the server answers: the recorded server stores parts of it as they come and
 * cleans them up whenever it reads them, this one cleans them up once.
 *
 * @param organizationId the organization that the client names, if any
 * @param key the item's own key, if any
 * @param json the members {@code name} to {@code passport}, as a piece of JSON without the braces around it
 * @param lastKnownRevision what the client believes to change
 * @param complaint why the server refuses it, if it does; it is said only when the item's turn comes
 * @param formErrors what a check of a whole import says of it
 */
record ItemContent(
        int type,
        Optional<String> organizationId,
        String key,
        int reprompt,
        boolean favorite,
        String json,
        Optional<Instant> lastKnownRevision,
        Optional<Refusal> complaint,
        List<String> formErrors) {

    private static final String LONG_NOTE = "The field Notes exceeds the maximum encrypted value length of "
            + Vaultwarden.LONGEST_NOTE + " characters.";
    private static final String NULL_PASSWORD =
            "The password history contains a `null` value. Only strings are allowed.";
    private static final String EPOCH = "1970-01-01T00:00:00.000000Z";
    private static final List<String> TYPES = List.of("login", "secureNote", "card", "identity", "sshKey");
    /** Members for types that this server does not know; always there, always null. */
    private static final List<String> UNKNOWN_TYPES = List.of("bankAccount", "driversLicense", "passport");

    private static final List<String> SSH_KEY_MEMBERS = List.of("keyFingerprint", "privateKey", "publicKey");

    /** Reads an item; only members of a wrong JSON type are refused here. */
    static ItemContent read(Json item) {
        int type = item.number("type");
        String name = item.text("name");
        Optional<String> notes = item.optionalText("notes");
        ObjectNode content = Json.object();
        content.put("name", name);
        content.put("notes", notes.orElse(null));
        content.set("fields", fields(item.get("fields")));
        content.set("passwordHistory", passwordHistory(item.get("passwordHistory")));
        Optional<Refusal> complaint = complaint(item, type, notes);
        for (int i = 0; i < TYPES.size(); i++) {
            JsonNode data = NullNode.getInstance();
            if (i + 1 == type && item.get(TYPES.get(i)) instanceof ObjectNode own) {
                data = typeData(type, own.deepCopy());
            }
            content.set(TYPES.get(i), data);
        }
        UNKNOWN_TYPES.forEach(content::putNull);
        return new ItemContent(
                type,
                item.optionalText("organizationId").filter(id -> !id.isEmpty()),
                item.optionalText("key").orElse(null),
                item.optionalNumber("reprompt").filter(r -> r == 1).orElse(0),
                item.flag("favorite", false),
                withoutBraces(content),
                item.optionalText("lastKnownRevisionDate").flatMap(ItemContent::parseDate),
                complaint,
                formErrors(item, notes));
    }

    private static Optional<Refusal> complaint(Json item, int type, Optional<String> notes) {
        if (notes.filter(text -> text.length() > Vaultwarden.LONGEST_NOTE).isPresent()) {
            return Optional.of(Refusal.invalid(LONG_NOTE));
        }
        if (!Vaultwarden.ITEM_TYPES.contains(type)) {
            return Optional.of(Refusal.invalid("Invalid type"));
        }
        JsonNode data = item.get(TYPES.get(type - 1));
        if (data.isNull()) {
            return Optional.of(Refusal.invalid("Data missing"));
        }
        boolean allObjects = data.isObject() && holdsObjects(data.path("uris")) && holdsObjects(item.get("fields"));
        return allObjects ? Optional.empty() : Optional.of(Refusal.broken());
    }

    private static boolean holdsObjects(JsonNode array) {
        for (JsonNode element : array) {
            if (array.isArray() && !element.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> formErrors(Json item, Optional<String> notes) {
        List<String> errors = new ArrayList<>();
        notes.filter(text -> text.length() > Vaultwarden.LONGEST_NOTE).ifPresent(text -> errors.add(LONG_NOTE));
        for (JsonNode entry : item.get("passwordHistory")) {
            if (entry.has("password") && !entry.get("password").isTextual()) {
                errors.clear();
                errors.add(NULL_PASSWORD);
                break;
            }
        }
        return List.copyOf(errors);
    }

    private static ArrayNode fields(JsonNode sent) {
        ArrayNode fields = Json.array();
        if (sent.isArray()) {
            for (JsonNode field : sent) {
                if (field instanceof ObjectNode object) {
                    ObjectNode copy = object.deepCopy();
                    copy.remove("response");
                    copy.set("type", numberFrom(copy.get("type")));
                    fields.add(copy);
                }
            }
        }
        return fields;
    }

    private static IntNode numberFrom(JsonNode node) {
        return IntNode.valueOf(node == null ? 0 : node.asInt());
    }

    private static ArrayNode passwordHistory(JsonNode sent) {
        ArrayNode history = Json.array();
        if (sent.isArray()) {
            for (JsonNode entry : sent) {
                if (entry instanceof ObjectNode object
                        && object.path("password").isTextual()) {
                    ObjectNode copy = object.deepCopy();
                    copy.remove("response");
                    copy.put("lastUsedDate", dateOr(copy.get("lastUsedDate"), EPOCH));
                    history.add(copy);
                }
            }
        }
        return history;
    }

    private static JsonNode typeData(int type, ObjectNode data) {
        data.remove("response");
        if (data.get("uris") instanceof ArrayNode uris) {
            for (JsonNode uri : uris) {
                if (uri instanceof ObjectNode object) {
                    object.remove("response");
                    if (object.path("match").isTextual()) {
                        object.set("match", numberFrom(object.get("match")));
                    }
                }
            }
        }
        return switch (type) {
            case 1 -> {
                // Old clients read the first address from here.
                JsonNode first = data.path("uris").path(0).path("uri");
                data.put("uri", first.isTextual() ? first.textValue() : null);
                if (data.path("passwordRevisionDate").isTextual()) {
                    data.put("passwordRevisionDate", dateOr(data.get("passwordRevisionDate"), EPOCH));
                }
                yield data;
            }
            case 2 -> data.path("type").isNumber() ? data : Json.object().put("type", 0);
            case Vaultwarden.SSH_KEY ->
                SSH_KEY_MEMBERS.stream()
                                .allMatch(member -> data.path(member).isTextual()
                                        && !data.path(member).textValue().isEmpty())
                        ? data
                        : NullNode.getInstance();
            default -> data;
        };
    }

    private static String dateOr(JsonNode node, String otherwise) {
        return Optional.ofNullable(node)
                .filter(JsonNode::isTextual)
                .flatMap(text -> parseDate(text.textValue()))
                .map(Json::date)
                .orElse(otherwise);
    }

    private static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String withoutBraces(ObjectNode object) {
        try {
            String json = Json.MAPPER.writeValueAsString(object);
            return json.substring(1, json.length() - 1);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }
}
