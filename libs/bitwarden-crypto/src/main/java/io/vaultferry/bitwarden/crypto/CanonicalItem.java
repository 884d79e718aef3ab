package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A decrypted item as bytes that are equal when the contents are; see {@link ItemCrypto#comparisonHash}. */
final class CanonicalItem {
    private static final Set<String> NOT_CONTENT = Set.of(
            "id",
            "organizationId",
            "folderId",
            "collectionIds",
            "key",
            "data",
            "attachments",
            "attachments2",
            "object",
            "creationDate",
            "revisionDate",
            "deletedDate",
            "archivedDate",
            "favorite",
            "edit",
            "viewPassword",
            "permissions",
            "organizationUseTotp",
            "lastKnownRevisionDate",
            "encryptedFor",
            "encryptedByKeyId");

    /** Inside of items these are plain text on the wire, and servers write them with more or fewer digits. */
    private static final Set<String> DATES = Set.of("passwordRevisionDate", "lastUsedDate", "creationDate");

    private ByteBuffer out = ByteBuffer.allocate(1024);

    private CanonicalItem() {}

    static byte[] bytesOf(Map<String, Object> item) {
        Map<String, Object> content = new TreeMap<>(item);
        content.keySet().removeAll(NOT_CONTENT);
        if (content.get("reprompt") instanceof Number reprompt && reprompt.intValue() == 0) {
            content.remove("reprompt");
        }
        if (content.get("login") instanceof Map<?, ?> login && !isAbsent(login.get("uris"))) {
            content.put("login", without("uri", login));
        }
        CanonicalItem canonical = new CanonicalItem();
        canonical.write("", content);
        byte[] bytes = Arrays.copyOf(canonical.out.array(), canonical.out.position());
        Wiping.wipe(canonical.out.array());
        return bytes;
    }

    private static Map<Object, Object> without(String name, Map<?, ?> map) {
        Map<Object, Object> copy = new TreeMap<>(map);
        copy.remove(name);
        return copy;
    }

    private static boolean isAbsent(Object value) {
        return switch (value) {
            case null -> true;
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.values().stream().allMatch(CanonicalItem::isAbsent);
            default -> false;
        };
    }

    private void write(String name, Object value) {
        switch (value) {
            case null -> put('0', "");
            case Map<?, ?> map when isAbsent(map) -> put('0', "");
            case List<?> list when list.isEmpty() -> put('0', "");
            case Map<?, ?> map -> {
                put('{', "");
                new TreeMap<Object, Object>(map).forEach((member, memberValue) -> {
                    if (!isAbsent(memberValue)) {
                        put('k', (String) member);
                        write((String) member, memberValue);
                    }
                });
                put('}', "");
            }
            case List<?> list -> {
                put('[', "");
                list.forEach(element -> write(name, element));
                put(']', "");
            }
            case String text -> put('s', DATES.contains(name) ? pointInTime(text) : text);
            case Number number ->
                put('n', new BigDecimal(number.toString()).stripTrailingZeros().toString());
            case Boolean truth -> put('b', truth.toString());
            default ->
                throw new IllegalArgumentException(
                        "Not a JSON value: " + value.getClass().getName());
        }
    }

    private static String pointInTime(String text) {
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return instant.truncatedTo(ChronoUnit.MILLIS).toString();
        } catch (DateTimeException e) {
            return text;
        }
    }

    /** Kind, length, bytes: two different trees never give the same bytes. */
    private void put(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (out.remaining() < 1 + Integer.BYTES + bytes.length) {
            ByteBuffer larger = ByteBuffer.allocate(2 * (out.capacity() + bytes.length + 8));
            larger.put(out.array(), 0, out.position());
            Wiping.wipe(out.array());
            out = larger;
        }
        out.put((byte) kind).putInt(bytes.length).put(bytes);
        Wiping.wipe(bytes);
    }
}
