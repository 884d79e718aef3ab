package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.Wiping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Items as the JSON trees that servers answer: maps, lists, strings, numbers, booleans and nulls.
 *
 * <p>An item either has a {@code key} of its own, wrapped under the organization's key, and everything else is under
 * that; or it has none, and everything is under the organization's key. What is encrypted is known for all item types
 * (source: {@code crates/bitwarden-vault/src/cipher} in bitwarden/sdk-internal); so that items of tomorrow move too, any
 * other string that looks like an encrypted string is treated as one. Everything else is carried along as it is: unknown
 * members, nulls and empty strings.
 *
 * <p>Not touched: {@code attachments}, which {@link AttachmentKeys} is for. Left out of every result: {@code data}, a
 * second copy of the same item that some servers add.
 */
public final class ItemCrypto {
    private static final String KEY = "key";
    private static final String DATA = "data";

    private ItemCrypto() {}

    public static boolean hasOwnKey(Map<String, Object> item) {
        return item.get(KEY) instanceof String key && !key.isBlank();
    }

    /**
     * Opens every encrypted string. The result holds plaintext, has no {@code key}, and shares nothing with the input.
     * An empty string where an encrypted string belongs means "no value" and becomes null.
     *
     * @throws CryptoException a field does not open; {@link CryptoException#field()} says which
     */
    public static Map<String, Object> decrypt(Map<String, Object> item, SymmetricKey organizationKey) {
        requireNotSealedAsOneBlock(item);
        if (!hasOwnKey(item)) {
            return decryptFields(item, organizationKey);
        }
        try (SymmetricKey itemKey = unwrapItemKey(item, organizationKey)) {
            return decryptFields(item, itemKey);
        }
    }

    /**
     * The same item for another organization. With a key of its own, only that is wrapped anew and every other string stays
     * as it is, byte for byte, after a check that each opens. Without one, every encrypted string is decrypted and encrypted
     * again; strings that were equal (servers repeat the first URI) stay equal.
     *
     * @throws CryptoException a field does not open; {@link CryptoException#field()} says which
     */
    public static Map<String, Object> moveToOrganization(
            Map<String, Object> item, SymmetricKey source, SymmetricKey target) {
        requireNotSealedAsOneBlock(item);
        if (!hasOwnKey(item)) {
            Map<String, String> encryptedAgain = new HashMap<>();
            return ItemWalk.copy(
                    item,
                    field -> encryptedAgain.computeIfAbsent(field.text(), text -> reencrypt(field, source, target)));
        }
        try (SymmetricKey itemKey = unwrapItemKey(item, source)) {
            Map<String, Object> moved = ItemWalk.copy(item, field -> {
                Wiping.wipe(itemKey.decrypt(field));
                return field.text();
            });
            moved.put(KEY, target.wrap(itemKey).text());
            return moved;
        }
    }

    /**
     * A keyed hash of what the people who use the item would call its content: equal on two servers exactly when nothing
     * was lost or altered. Member order does not matter; null, absent, empty lists and empty objects are the same, as are
     * a {@code reprompt} of 0 and none; dates are compared as points in time, to the millisecond.
     *
     * <p>Left out, since they belong to the server, to the organization or to one user: {@code id, organizationId,
     * folderId, collectionIds, key, data, attachments, attachments2, object, creationDate, revisionDate, deletedDate,
     * archivedDate, favorite, edit, viewPassword, permissions, organizationUseTotp, lastKnownRevisionDate, encryptedFor,
     * encryptedByKeyId}; and {@code login.uri} where there are {@code login.uris}, whose first it repeats.
     *
     * @param decryptedItem what {@link #decrypt} answered
     */
    public static byte[] comparisonHash(Map<String, Object> decryptedItem, SymmetricKey hashKey) {
        byte[] canonical = CanonicalItem.bytesOf(decryptedItem);
        try {
            return hashKey.keyedHash(canonical);
        } finally {
            Wiping.wipe(canonical);
        }
    }

    private static Map<String, Object> decryptFields(Map<String, Object> item, SymmetricKey key) {
        Map<String, Object> plain = ItemWalk.copy(item, new FieldTreatment() {
            @Override
            public Object ofEncrypted(EncString field) {
                return key.decryptText(field);
            }

            @Override
            public Object ofBlank(String blank) {
                return null;
            }
        });
        plain.remove(KEY);
        return plain;
    }

    private static SymmetricKey unwrapItemKey(Map<String, Object> item, SymmetricKey organizationKey) {
        try {
            return organizationKey.unwrap(EncString.parse((String) item.get(KEY)));
        } catch (CryptoException e) {
            throw e.inside(KEY);
        }
    }

    private static void requireNotSealedAsOneBlock(Map<String, Object> item) {
        if (item.get(DATA) instanceof String data && data.contains("\"wrapped_cek\"")) {
            throw new UnsupportedEncryptionException(
                    DATA, "The item is sealed as one block, a form of \"encryption V2\" that is not supported.");
        }
    }

    private static String reencrypt(EncString field, SymmetricKey source, SymmetricKey target) {
        byte[] plaintext = source.decrypt(field);
        try {
            return target.encrypt(plaintext).text();
        } finally {
            Wiping.wipe(plaintext);
        }
    }

    /** What becomes of the encrypted strings of an item. */
    interface FieldTreatment {
        Object ofEncrypted(EncString field);

        default Object ofBlank(String blank) {
            return blank;
        }
    }

    /** Copies an item's tree, handing every encrypted string to a treatment. */
    private static final class ItemWalk {
        /** Deeper than any item; a hostile server could answer a tree that exhausts the stack. */
        private static final int DEEPEST = 32;

        private ItemWalk() {}

        static Map<String, Object> copy(Map<String, Object> item, FieldTreatment treatment) {
            Map<String, Object> result = new LinkedHashMap<>();
            for (Map.Entry<String, Object> member : item.entrySet()) {
                String name = member.getKey();
                switch (name) {
                    case DATA -> {}
                    case KEY, "attachments", "attachments2" -> result.put(name, member.getValue());
                    default ->
                        result.put(name, walkMember(name, member.getValue(), EncryptedFields.OF_ITEM, treatment, 1));
                }
            }
            return result;
        }

        private static Object walk(Object node, EncryptedFields fields, FieldTreatment treatment, int depth) {
            if (depth > DEEPEST) {
                throw new InvalidEncStringException("The item is nested too deeply.");
            }
            return switch (node) {
                case Map<?, ?> map -> {
                    Map<String, Object> copy = new LinkedHashMap<>();
                    for (Map.Entry<?, ?> member : map.entrySet()) {
                        String name = (String) member.getKey();
                        copy.put(name, walkMember(name, member.getValue(), fields, treatment, depth + 1));
                    }
                    yield copy;
                }
                case List<?> list -> {
                    List<Object> copy = new ArrayList<>(list.size());
                    for (int i = 0; i < list.size(); i++) {
                        try {
                            copy.add(walk(list.get(i), fields, treatment, depth + 1));
                        } catch (CryptoException e) {
                            throw e.inside("[" + i + "]");
                        }
                    }
                    yield copy;
                }
                case String text
                when EncString.looksLikeEncString(text) -> treatment.ofEncrypted(EncString.parse(text));
                case null -> null;
                default -> node;
            };
        }

        private static Object walkMember(
                String name, Object value, EncryptedFields fields, FieldTreatment treatment, int depth) {
            try {
                if (value instanceof String text && fields.names().contains(name)) {
                    return text.isBlank() ? treatment.ofBlank(text) : treatment.ofEncrypted(EncString.parse(text));
                }
                return walk(value, fields.inside(name), treatment, depth);
            } catch (CryptoException e) {
                throw e.inside(safe(name));
            }
        }

        /** Names come from the server, and paths end up in logs and reports. */
        private static String safe(String name) {
            return name.matches("\\w{1,40}") ? name : "?";
        }
    }
}
