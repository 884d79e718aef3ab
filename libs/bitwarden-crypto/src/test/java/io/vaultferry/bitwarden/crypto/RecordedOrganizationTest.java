package io.vaultferry.bitwarden.crypto;

import static io.vaultferry.bitwarden.crypto.RecordedOrganization.accounts;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.attachmentsOf;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.contentsOf;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.items;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.map;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.maps;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.organizationKey;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.sourceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a real server stored opens to what an independent client made of it, and still does after a move. */
class RecordedOrganizationTest {
    private static final List<String> TYPES = List.of("login", "secureNote", "card", "identity", "sshKey");

    static Stream<String> emails() {
        return accounts().stream().map(account -> (String) account.get("email"));
    }

    @ParameterizedTest
    @MethodSource("emails")
    void accountOpensFromThePasswordToTheOrganizationsKey(String email) {
        Map<String, Object> account = accounts().stream()
                .filter(candidate -> email.equals(candidate.get("email")))
                .findFirst()
                .orElseThrow();
        Map<String, Object> truth = map(account.get("decrypted"));
        char[] password = RecordedOrganization.MASTER_PASSWORD.toCharArray();
        try (MasterKey masterKey = MasterKey.derive(kdfOf(account), password, email);
                SymmetricKey userKey = masterKey.unwrapUserKey(EncString.parse((String) account.get("key")));
                PrivateKey privateKey = userKey.unwrapPrivateKey(EncString.parse((String) account.get("privateKey")));
                SymmetricKey organizationKey = organizationKey()) {
            assertThat(masterKey.authenticationHash(password)).isEqualTo(account.get("masterPasswordHash"));
            assertThat(base64(KnownAnswers.bytesOf(userKey))).isEqualTo(truth.get("userKey"));
            assertThat(base64(privateKey.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial())))
                    .isEqualTo(truth.get("privateKeyDer"));
            assertThat(privateKey.publicKey().base64()).isEqualTo(account.get("publicKey"));
            for (Object wrapped : map(account.get("organizationKeys")).values()) {
                try (SymmetricKey unwrapped = privateKey.unwrap(EncString.parse((String) wrapped))) {
                    assertThat(unwrapped.sameAs(organizationKey)).isTrue();
                }
            }
        }
    }

    @Test
    void everyItemAndFileOpensToTheTruth() {
        try (SymmetricKey organizationKey = organizationKey()) {
            List<Object> opened = new ArrayList<>();
            for (Map<String, Object> item : items()) {
                opened.add(asInTheTruth(item, organizationKey));
            }
            assertThat(opened).hasSize(21).containsExactlyInAnyOrderElementsOf(truth());
        }
    }

    @Test
    void everyCollectionsNameOpensToTheTruth() {
        try (SymmetricKey organizationKey = organizationKey()) {
            List<Object> opened = maps(RecordedOrganization.STORED.get("collections")).stream()
                    .map(collection -> (Object) listOfNullable(
                            organizationKey.decryptText(EncString.parse((String) collection.get("name"))),
                            collection.get("externalId")))
                    .toList();
            assertThat(opened)
                    .containsExactlyInAnyOrderElementsOf(list(RecordedOrganization.DECRYPTED.get("collections")));
        }
    }

    @Test
    void everyMovedItemAndFileOpensToTheTruthUnderTheTargetsKeyAlone() {
        try (SymmetricKey source = organizationKey();
                SymmetricKey target = SymmetricKey.make()) {
            List<Object> opened = new ArrayList<>();
            for (Map<String, Object> item : items()) {
                opened.add(asInTheTruth(move(item, source, target), target));
            }
            assertThat(opened).containsExactlyInAnyOrderElementsOf(truthWhereEveryFileHasItsOwnKey());
        }
    }

    @Test
    void comparisonHashOfAnItemSurvivesTheMoveAndTellsItemsApart() {
        try (SymmetricKey source = organizationKey();
                SymmetricKey target = SymmetricKey.make();
                SymmetricKey hashKey = SymmetricKey.make()) {
            List<String> before = new ArrayList<>();
            List<String> after = new ArrayList<>();
            for (Map<String, Object> item : items()) {
                Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);
                before.add(base64(ItemCrypto.comparisonHash(ItemCrypto.decrypt(item, source), hashKey)));
                after.add(base64(ItemCrypto.comparisonHash(ItemCrypto.decrypt(moved, target), hashKey)));
            }
            assertThat(after).isEqualTo(before);
            assertThat(before.stream().distinct().count()).isEqualTo(distinctContents());
        }
    }

    @Test
    void allThreeGenerationsOfFilesAreAmongThem() {
        Map<Generation, Integer> count = new EnumMap<>(Generation.class);
        for (Map<String, Object> item : items()) {
            for (Map<String, Object> attachment : attachmentsOf(item)) {
                count.merge(sourceOf(item, attachment).generation(), 1, Integer::sum);
            }
        }
        assertThat(count.keySet()).containsExactlyInAnyOrder(Generation.values());
        assertThat(count.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(14);
    }

    /** Moves the item and its files, and answers the item as the target's server would. */
    private static Map<String, Object> move(Map<String, Object> item, SymmetricKey source, SymmetricKey target) {
        Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);
        if (ItemCrypto.hasOwnKey(item)) {
            assertThat(without(moved, "key")).isEqualTo(without(item, "key"));
            assertThat(moved.get("key")).isNotEqualTo(item.get("key"));
        }
        EncString movedItemKey =
                EncString.parseOptional((String) moved.get("key")).orElse(null);
        List<Object> files = new ArrayList<>();
        for (Map<String, Object> attachment : attachmentsOf(item)) {
            AttachmentKeys.Source keys = sourceOf(item, attachment);
            Map<String, Object> movedFile = new LinkedHashMap<>(attachment);
            try (SymmetricKey newKey = SymmetricKey.make();
                    AttachmentKeys.Opened opened = AttachmentKeys.open(keys, source)) {
                boolean needsKey = opened.generation() == Generation.NO_OWN_KEY;
                AttachmentKeys.Target forTarget =
                        AttachmentKeys.moveToOrganization(keys, source, movedItemKey, target, needsKey ? newKey : null);
                assertThat(forTarget.contentsUnchanged()).isEqualTo(!needsKey);
                if (opened.generation() == Generation.OWN_KEY_UNDER_ITEM_KEY) {
                    assertThat(forTarget.key()).isEqualTo(keys.attachmentKeyOrNull());
                    assertThat(forTarget.fileName()).isEqualTo(keys.fileName());
                }
                byte[] contents = contentsOf(attachment);
                if (needsKey) {
                    contents =
                            AttachmentCrypto.encrypt(AttachmentCrypto.decrypt(contents, opened.contentKey()), newKey);
                }
                movedFile.put("key", forTarget.key().text());
                movedFile.put("fileName", forTarget.fileName().text());
                movedFile.put("contents", contents);
            }
            files.add(movedFile);
        }
        moved.put("attachments", files);
        return moved;
    }

    private static Map<String, Object> asInTheTruth(Map<String, Object> item, SymmetricKey organizationKey) {
        Map<String, Object> plain = ItemCrypto.decrypt(item, organizationKey);
        Map<String, Object> result = new TreeMap<>();
        result.put("type", plain.get("type"));
        result.put("name", plain.get("name"));
        result.put("notes", plain.get("notes"));
        result.put("reprompt", plain.get("reprompt"));
        result.put("trashed", plain.get("deletedDate") != null);
        result.put("ownKey", ItemCrypto.hasOwnKey(item));
        result.put("collections", collectionNames(plain, organizationKey()));
        result.put(
                "fields",
                maps(plain.get("fields")).stream()
                        .map(field -> listOfNullable(
                                field.get("type"), field.get("name"), field.get("value"), field.get("linkedId")))
                        .toList());
        result.put(
                "passwordHistory",
                maps(plain.get("passwordHistory")).stream()
                        .map(entry -> listOfNullable(
                                entry.get("password"), ((String) entry.get("lastUsedDate")).substring(0, 19)))
                        .toList());
        Map<String, Object> part = map(plain.get(TYPES.get((Integer) plain.get("type") - 1)));
        result.put("part", without(part, "uri"));
        List<Object> files = new ArrayList<>();
        for (Map<String, Object> attachment : attachmentsOf(item)) {
            files.add(openFile(item, attachment, organizationKey));
        }
        result.put("attachments", sorted(files));
        return result;
    }

    private static List<Object> openFile(
            Map<String, Object> item, Map<String, Object> attachment, SymmetricKey organizationKey) {
        byte[] encrypted = attachment.get("contents") instanceof byte[] moved ? moved : contentsOf(attachment);
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(sourceOf(item, attachment), organizationKey);
                InputStream verified = new VerifyingInputStream(
                        new ByteArrayInputStream(encrypted), encrypted.length, opened.contentKey());
                InputStream streamed = AttachmentCrypto.decryptUntrusted(
                        new ByteArrayInputStream(encrypted), encrypted.length, opened.contentKey())) {
            byte[] plaintext = AttachmentCrypto.decrypt(encrypted, opened.contentKey());
            assertThat(verified.readAllBytes()).isEqualTo(encrypted);
            assertThat(streamed.readAllBytes()).isEqualTo(plaintext);
            assertThat(AttachmentFormat.encryptedSize(plaintext.length)).isEqualTo(encrypted.length);
            return List.of(
                    opened.fileName(),
                    plaintext.length,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(plaintext)),
                    opened.generation() != Generation.NO_OWN_KEY);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> collectionNames(Map<String, Object> item, SymmetricKey sourceKey) {
        try (sourceKey) {
            return list(item.get("collectionIds")).stream()
                    .map(id -> maps(RecordedOrganization.STORED.get("collections")).stream()
                            .filter(collection -> id.equals(collection.get("id")))
                            .map(collection -> sourceKey.decryptText(EncString.parse((String) collection.get("name"))))
                            .findFirst()
                            .orElseThrow())
                    .sorted()
                    .toList();
        }
    }

    private static List<Object> truth() {
        List<Object> truth = new ArrayList<>();
        for (Map<String, Object> item : maps(RecordedOrganization.DECRYPTED.get("items"))) {
            Map<String, Object> sorted = new TreeMap<>(item);
            sorted.put("attachments", sorted(list(item.get("attachments"))));
            truth.add(sorted);
        }
        return truth;
    }

    private static List<Object> truthWhereEveryFileHasItsOwnKey() {
        List<Object> truth = new ArrayList<>();
        for (Object item : truth()) {
            Map<String, Object> copy = new TreeMap<>(map(item));
            List<Object> files = new ArrayList<>();
            for (Object file : list(copy.get("attachments"))) {
                List<Object> parts = list(file);
                files.add(List.of(parts.get(0), parts.get(1), parts.get(2), true));
            }
            copy.put("attachments", sorted(files));
            truth.add(copy);
        }
        return truth;
    }

    private static long distinctContents() {
        return truth().stream()
                .map(item -> {
                    Map<String, Object> content = new TreeMap<>(map(item));
                    content.keySet().removeAll(List.of("ownKey", "collections", "attachments", "trashed"));
                    return content;
                })
                .distinct()
                .count();
    }

    private static Kdf kdfOf(Map<String, Object> account) {
        int iterations = (Integer) account.get("kdfIterations");
        return (Integer) account.get("kdf") == 0
                ? new Kdf.Pbkdf2(iterations)
                : new Kdf.Argon2id(
                        iterations, (Integer) account.get("kdfMemory"), (Integer) account.get("kdfParallelism"));
    }

    private static Map<String, Object> without(Map<String, Object> map, String name) {
        Map<String, Object> copy = new TreeMap<>(map);
        copy.remove(name);
        return copy;
    }

    private static List<Object> listOfNullable(Object... values) {
        List<Object> list = new ArrayList<>();
        for (Object value : values) {
            list.add(value);
        }
        return list;
    }

    @SuppressWarnings("unchecked") // Only called where the recording has a list.
    private static List<Object> list(Object json) {
        return (List<Object>) json;
    }

    private static List<Object> sorted(List<Object> values) {
        return values.stream()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
