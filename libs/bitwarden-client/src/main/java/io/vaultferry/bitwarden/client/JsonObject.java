package io.vaultferry.bitwarden.client;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Typed reading of one JSON object of an answer. Members are found whatever their case: the token endpoint mixes three
 * cases in one answer, and servers differ in it. Absent and null are the same. What does not fit is a
 * {@link ProtocolViolationException} that names the member and never its value.
 */
record JsonObject(Map<String, Object> tree) {
    @SuppressWarnings("unchecked") // Trees come from JsonTree, whose objects have strings as keys.
    static JsonObject of(Object treeOrOther, String what) {
        if (treeOrOther instanceof Map<?, ?> map) {
            return new JsonObject((Map<String, Object>) map);
        }
        throw new ProtocolViolationException("The answer's " + what + " is no object.");
    }

    String text(String member) {
        return optionalText(member).orElseThrow(() -> missing(member));
    }

    Optional<String> optionalText(String member) {
        return switch (find(member)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw wrong(member, "text");
        };
    }

    /** Text that is neither empty nor blank. */
    Optional<String> filledText(String member) {
        return optionalText(member).filter(text -> !text.isBlank());
    }

    int integer(String member) {
        return optionalInteger(member).orElseThrow(() -> missing(member));
    }

    /** A number, or the text of one: servers and versions differ in sizes and two-factor providers. */
    OptionalInt optionalInteger(String member) {
        OptionalLong value = optionalLong(member);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.getAsLong() != (int) value.getAsLong()) {
            throw wrong(member, "number of that size");
        }
        return OptionalInt.of((int) value.getAsLong());
    }

    OptionalLong optionalLong(String member) {
        Object value = find(member);
        try {
            return switch (value) {
                case null -> OptionalLong.empty();
                case Integer number -> OptionalLong.of(number);
                case Long number -> OptionalLong.of(number);
                case String text -> OptionalLong.of(Long.parseLong(text));
                default -> throw wrong(member, "whole number");
            };
        } catch (NumberFormatException e) {
            throw wrong(member, "whole number");
        }
    }

    /** Absent means no. */
    boolean flag(String member) {
        return switch (find(member)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw wrong(member, "yes or no");
        };
    }

    Optional<Instant> instant(String member) {
        return filledText(member).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException notWithOffset) {
                try {
                    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
                } catch (DateTimeParseException e) {
                    throw wrong(member, "date");
                }
            }
        });
    }

    Optional<JsonObject> object(String member) {
        return Optional.ofNullable(find(member)).map(value -> of(value, "member '" + member + "'"));
    }

    /** Absent means none. */
    List<JsonObject> objects(String member) {
        return elements(member).stream()
                .map(value -> of(value, "list '" + member + "'"))
                .toList();
    }

    /** Absent means none. */
    List<String> texts(String member) {
        return elements(member).stream()
                .map(value -> {
                    if (value instanceof String text) {
                        return text;
                    }
                    throw wrong(member, "list of texts");
                })
                .toList();
    }

    private List<?> elements(String member) {
        return switch (find(member)) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw wrong(member, "list");
        };
    }

    /** The member as a tree, empty when it is absent. */
    Map<String, Object> map(String member) {
        return object(member)
                .map(JsonObject::tree)
                .map(Collections::unmodifiableMap)
                .orElseGet(Map::of);
    }

    boolean has(String member) {
        return find(member) != null;
    }

    private Object find(String member) {
        Object exact = tree.get(member);
        if (exact != null || tree.containsKey(member)) {
            return exact;
        }
        for (Map.Entry<String, Object> entry : tree.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(member)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static ProtocolViolationException missing(String member) {
        return new ProtocolViolationException("The answer lacks the member '" + member + "'.");
    }

    private static ProtocolViolationException wrong(String member, String expected) {
        return new ProtocolViolationException("The answer's member '" + member + "' is no " + expected + ".");
    }

    @Override
    public String toString() {
        return "JsonObject[redacted]";
    }
}
