package io.vaultferry.bitwarden.crypto;

import static io.vaultferry.bitwarden.crypto.RecordedOrganization.map;
import static io.vaultferry.bitwarden.crypto.RecordedOrganization.maps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemCryptoTest {
    private final SymmetricKey source = SymmetricKey.make();
    private final SymmetricKey target = SymmetricKey.make();

    /** Every member that the official clients encrypt, by type of item. */
    static Map<String, List<String>> encryptedMembers() {
        Map<String, List<String>> members = new LinkedHashMap<>();
        members.put("login", List.of("username", "password", "totp", "uri"));
        members.put("card", List.of("cardholderName", "brand", "number", "expMonth", "expYear", "code"));
        members.put(
                "identity",
                List.of(
                        "title",
                        "firstName",
                        "middleName",
                        "lastName",
                        "address1",
                        "address2",
                        "address3",
                        "city",
                        "state",
                        "postalCode",
                        "country",
                        "company",
                        "email",
                        "phone",
                        "ssn",
                        "username",
                        "passportNumber",
                        "licenseNumber"));
        members.put("sshKey", List.of("privateKey", "publicKey", "keyFingerprint"));
        members.put(
                "bankAccount",
                List.of(
                        "bankName",
                        "nameOnAccount",
                        "accountType",
                        "accountNumber",
                        "routingNumber",
                        "branchNumber",
                        "pin",
                        "swiftCode",
                        "iban",
                        "bankContactPhone"));
        members.put(
                "driversLicense",
                List.of(
                        "firstName",
                        "middleName",
                        "lastName",
                        "dateOfBirth",
                        "licenseNumber",
                        "issuingCountry",
                        "issuingState",
                        "issueDate",
                        "expirationDate",
                        "issuingAuthority",
                        "licenseClass"));
        members.put(
                "passport",
                List.of(
                        "surname",
                        "givenName",
                        "dateOfBirth",
                        "sex",
                        "birthPlace",
                        "nationality",
                        "issuingCountry",
                        "passportNumber",
                        "passportType",
                        "nationalIdentificationNumber",
                        "issuingAuthority",
                        "issueDate",
                        "expirationDate"));
        members.put("somethingOfTomorrow", List.of("oneThing", "anotherThing"));
        return members;
    }

    static List<String> parts() {
        return List.copyOf(encryptedMembers().keySet());
    }

    @AfterEach
    void closeKeys() {
        source.close();
        target.close();
    }

    @Nested
    class WithoutAKeyOfItsOwn {
        @ParameterizedTest
        @MethodSource("io.vaultferry.bitwarden.crypto.ItemCryptoTest#parts")
        void opensAndMovesWhateverItsType(String part) {
            Map<String, Object> plain = anItem(part);
            Map<String, Object> item = encrypted(plain, source);

            Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);

            assertThat(ItemCrypto.hasOwnKey(moved)).isFalse();
            assertThat(ItemCrypto.decrypt(item, source)).isEqualTo(plain);
            assertThat(ItemCrypto.decrypt(moved, target)).isEqualTo(plain);
            assertThat(encryptedStringsOf(moved))
                    .hasSameSizeAs(encryptedStringsOf(item))
                    .doesNotContainAnyElementsOf(encryptedStringsOf(item));
            assertThatThrownBy(() -> ItemCrypto.decrypt(moved, source)).isInstanceOf(DecryptionFailedException.class);
        }

        @Test
        void keepsStringsEqualThatServersRepeat() {
            Map<String, Object> item = encrypted(anItem("login"), source);
            Map<String, Object> login = map(item.get("login"));
            login.put("uri", maps(login.get("uris")).getFirst().get("uri"));

            Map<String, Object> movedLogin =
                    map(ItemCrypto.moveToOrganization(item, source, target).get("login"));

            assertThat(movedLogin.get("uri"))
                    .isEqualTo(maps(movedLogin.get("uris")).getFirst().get("uri"))
                    .isNotEqualTo(login.get("uri"));
        }

        @Test
        void movesBytesThatAreNotText() {
            Map<String, Object> item = anItem("card");
            item.put("name", source.encrypt(new byte[] {(byte) 0xff, 0}).text());
            item.put("notes", null);
            item.put("card", null);
            item.put("fields", List.of());
            item.put("passwordHistory", null);
            item.put("newMember", null);

            Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);

            assertThat(target.decrypt(EncString.parse((String) moved.get("name"))))
                    .containsExactly(0xff, 0);
        }
    }

    @Nested
    class WithAKeyOfItsOwn {
        @ParameterizedTest
        @MethodSource("io.vaultferry.bitwarden.crypto.ItemCryptoTest#parts")
        void keepsEveryStringButTheKeyByteForByte(String part) {
            Map<String, Object> plain = anItem(part);
            Map<String, Object> item = keyed(plain, source);

            Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);

            assertThat(ItemCrypto.hasOwnKey(moved)).isTrue();
            assertThat(moved.get("key")).isNotEqualTo(item.get("key"));
            Map<String, Object> backAgain = new LinkedHashMap<>(moved);
            backAgain.put("key", item.get("key"));
            assertThat(backAgain).isEqualTo(item);
            assertThat(ItemCrypto.decrypt(item, source)).isEqualTo(plain);
            assertThat(ItemCrypto.decrypt(moved, target)).isEqualTo(plain);
            assertThatThrownBy(() -> ItemCrypto.decrypt(moved, source))
                    .isInstanceOf(DecryptionFailedException.class)
                    .hasMessage("key: Decryption failed.");
        }

        @Test
        void isNotMovedWhenOneFieldDoesNotOpen() {
            Map<String, Object> item = keyed(anItem("login"), source);
            maps(map(item.get("login")).get("uris"))
                    .getFirst()
                    .put("uri", source.encryptText("x").text());

            DecryptionFailedException thrown = catchThrowableOfType(
                    DecryptionFailedException.class, () -> ItemCrypto.moveToOrganization(item, source, target));

            assertThat(thrown.field()).contains("login.uris[0].uri");
        }
    }

    @Nested
    class AnyItem {
        @Test
        void isNotChangedItself() {
            for (Map<String, Object> item : bothKinds(anItem("login"))) {
                String before = item.toString();
                ItemCrypto.moveToOrganization(item, source, target);
                ItemCrypto.decrypt(item, source);
                assertThat(item).hasToString(before);
            }
        }

        @Test
        void carriesNullsAndEmptyStringsUnchanged() {
            Map<String, Object> plain = anItem("login");
            plain.put("notes", null);
            for (Map<String, Object> item : bothKinds(plain)) {
                map(item.get("login")).put("totp", "");
                map(item.get("login")).put("password", "  ");

                Map<String, Object> moved = ItemCrypto.moveToOrganization(item, source, target);

                assertThat(moved).containsEntry("notes", null);
                assertThat(map(moved.get("login"))).containsEntry("totp", "").containsEntry("password", "  ");
                assertThat(map(ItemCrypto.decrypt(item, source).get("login")))
                        .containsEntry("totp", null)
                        .containsEntry("password", null);
            }
        }

        @Test
        void keepsItsAttachmentsAsTheyAre() {
            List<Object> attachments = List.of(Map.of("id", "a", "fileName", "2.not|looked|at"));
            for (Map<String, Object> item : bothKinds(anItem("login"))) {
                item.put("attachments", attachments);
                assertThat(ItemCrypto.moveToOrganization(item, source, target))
                        .containsEntry("attachments", attachments);
                assertThat(ItemCrypto.decrypt(item, source)).containsEntry("attachments", attachments);
            }
        }

        @Test
        void losesTheSecondCopyOfItselfThatSomeServersAdd() {
            for (Map<String, Object> item : bothKinds(anItem("login"))) {
                item.put("data", "{\"Name\":\"2.x|y|z\"}");
                assertThat(ItemCrypto.moveToOrganization(item, source, target)).doesNotContainKey("data");
                assertThat(ItemCrypto.decrypt(item, source)).doesNotContainKey("data");
            }
        }

        @Test
        void thatIsSealedAsOneBlockIsRefused() {
            for (Map<String, Object> item : bothKinds(anItem("login"))) {
                item.put("data", "{\"format_version\":1,\"wrapped_cek\":\"2.x\",\"envelope\":\"y\"}");
                assertThatThrownBy(() -> ItemCrypto.moveToOrganization(item, source, target))
                        .isInstanceOf(UnsupportedEncryptionException.class)
                        .hasMessageContaining("encryption V2");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"plain text", "2.AAAA|BBBB", "9.AAAA|BBBB", "7.gwE="})
        void withAnEncryptedFieldThatIsNotOneIsRefused(String notEncrypted) {
            for (Map<String, Object> item : bothKinds(anItem("card"))) {
                map(item.get("card")).put("code", notEncrypted);
                for (Runnable use : List.<Runnable>of(
                        () -> ItemCrypto.decrypt(item, source),
                        () -> ItemCrypto.moveToOrganization(item, source, target))) {
                    CryptoException thrown = catchThrowableOfType(CryptoException.class, use::run);
                    assertThat(thrown.field()).contains("card.code");
                    assertThat(thrown).hasMessageStartingWith("card.code: ").hasMessageNotContaining(notEncrypted);
                }
            }
        }

        @Test
        void withAnUnknownMemberThatDoesNotOpenIsRefusedAndTheNameIsMadeSafeForLogs() {
            Map<String, Object> item = encrypted(anItem("card"), source);
            item.put(
                    "new\nmember",
                    Map.of("inner", List.of(target.encryptText("x").text())));

            CryptoException thrown = catchThrowableOfType(
                    CryptoException.class, () -> ItemCrypto.moveToOrganization(item, source, target));

            assertThat(thrown.field()).contains("?.inner[0]");
        }

        @Test
        void nestedWithoutEndIsRefused() {
            Object nested = "x";
            for (int i = 0; i < 10_000; i++) {
                nested = List.of(nested);
            }
            Map<String, Object> item = encrypted(anItem("card"), source);
            item.put("deep", nested);
            assertThatThrownBy(() -> ItemCrypto.decrypt(item, source)).isInstanceOf(InvalidEncStringException.class);
        }

        @Test
        void withAKeyThatIsNoKeyIsRefused() {
            Map<String, Object> item = encrypted(anItem("card"), source);
            item.put("key", source.encryptText("short").text());
            assertThatThrownBy(() -> ItemCrypto.decrypt(item, source))
                    .isInstanceOf(InvalidKeyException.class)
                    .hasMessageStartingWith("key: ");
            item.put("key", "nonsense");
            assertThatThrownBy(() -> ItemCrypto.decrypt(item, source)).isInstanceOf(InvalidEncStringException.class);
        }
    }

    @Nested
    class ComparisonHash {
        @Test
        void ignoresWhatBelongsToTheServerOrOneUser() {
            Map<String, Object> other = anItem("login");
            for (String name : List.of("id", "organizationId", "folderId", "revisionDate", "favorite", "permissions")) {
                other.put(name, "something else");
            }
            assertSameContent(anItem("login"), other);
        }

        @Test
        void takesNullAbsentAndEmptyForTheSame() {
            Map<String, Object> other = anItem("card");
            other.put("login", null);
            other.put("bankAccount", Map.of());
            other.put("extra", List.of());
            other.put("nested", Map.of("a", List.of()));
            assertSameContent(anItem("card"), other);
        }

        @Test
        void ignoresTheOrderOfMembersAndHowNumbersAndDatesAreWritten() {
            Map<String, Object> one = anItem("login");
            Map<String, Object> other = new TreeMap<>(Collections.reverseOrder());
            other.putAll(anItem("login"));
            other.put("type", 1.0);
            map(one.get("login")).put("passwordRevisionDate", "2026-11-23T22:20:40.580000Z");
            map(other.get("login")).put("passwordRevisionDate", "2026-11-23T22:20:40.58");
            assertSameContent(one, other);
        }

        @Test
        void ignoresTheRepeatedFirstUriOnly() {
            Map<String, Object> one = anItem("login");
            Map<String, Object> other = anItem("login");
            map(other.get("login")).remove("uri");
            assertSameContent(one, other);

            map(one.get("login")).put("uris", List.of());
            map(other.get("login")).put("uris", List.of());
            assertDifferentContent(one, other);
        }

        @Test
        void takesNoRepromptForZero() {
            Map<String, Object> one = anItem("login");
            one.put("reprompt", 0);
            Map<String, Object> other = anItem("login");
            other.remove("reprompt");
            assertSameContent(one, other);
            one.put("reprompt", 1);
            assertDifferentContent(one, other);
        }

        @Test
        void seesEveryContentMember() {
            for (String part : parts()) {
                for (String name : encryptedMembers().get(part)) {
                    Map<String, Object> other = anItem(part);
                    map(other.get(part)).put(name, "changed");
                    // The repeated first URI is the exception, tested above.
                    if (!name.equals("uri")) {
                        assertDifferentContent(anItem(part), other);
                    }
                    map(other.get(part)).put(name, "");
                    if (!name.equals("uri")) {
                        assertDifferentContent(anItem(part), other);
                    }
                }
            }
        }

        @Test
        void seesOrderAndNumberOfListElements() {
            Map<String, Object> one = anItem("login");
            Map<String, Object> other = anItem("login");
            List<Object> reversed = new ArrayList<>(maps(other.get("fields")));
            Collections.reverse(reversed);
            other.put("fields", reversed);
            assertDifferentContent(one, other);
            other.put("fields", List.of(maps(one.get("fields")).getFirst()));
            assertDifferentContent(one, other);
        }

        @Test
        void tellsValuesOfDifferentKindsApart() {
            List<Object> values = Arrays.asList(
                    "1",
                    1,
                    "true",
                    true,
                    List.of("1"),
                    Map.of("a", "1"),
                    null,
                    "",
                    List.of("1", "1"),
                    List.of(List.of("1")));
            for (Object one : values) {
                for (Object other : values) {
                    if (one != other) {
                        assertDifferentContent(mapOf("x", one), mapOf("x", other));
                    }
                }
            }
        }

        private void assertSameContent(Map<String, Object> one, Map<String, Object> other) {
            assertThat(ItemCrypto.comparisonHash(one, source)).isEqualTo(ItemCrypto.comparisonHash(other, source));
        }

        private void assertDifferentContent(Map<String, Object> one, Map<String, Object> other) {
            assertThat(ItemCrypto.comparisonHash(one, source)).isNotEqualTo(ItemCrypto.comparisonHash(other, source));
        }
    }

    private List<Map<String, Object>> bothKinds(Map<String, Object> plain) {
        return List.of(encrypted(plain, source), keyed(plain, source));
    }

    /** A decrypted item with everything in it, in all the shapes that occur. */
    private static Map<String, Object> anItem(String part) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", "2d887815-081b-401a-a4c2-9bf069760899");
        item.put("organizationId", "d34adb66-fc99-44ab-ae6b-78ef38ce20a5");
        item.put("type", 1);
        item.put("reprompt", 1);
        item.put("favorite", false);
        item.put("revisionDate", "2026-11-23T22:20:12.442250Z");
        item.put("name", "a name");
        item.put("notes", "line 1\nline 2 \u2713 \ud83d\udd10");
        item.put(
                "fields",
                new ArrayList<>(List.of(
                        mapOf("name", "field", "value", "value", "type", 0, "linkedId", null),
                        mapOf("name", "linked", "value", null, "type", 3, "linkedId", 100))));
        item.put(
                "passwordHistory",
                new ArrayList<>(List.of(mapOf("password", "old", "lastUsedDate", "2024-01-02T03:04:05Z"))));
        Map<String, Object> inner = new LinkedHashMap<>();
        for (String name : encryptedMembers().get(part)) {
            inner.put(name, "the " + name);
        }
        if (part.equals("login")) {
            inner.put(
                    "uris",
                    new ArrayList<>(List.of(mapOf("uri", "https://x.example", "uriChecksum", "c", "match", null))));
            inner.put("fido2Credentials", new ArrayList<>(List.of(aPasskey())));
            inner.put("passwordRevisionDate", "2026-11-23T22:20:40.580000Z");
            inner.put("autofillOnPageLoad", true);
        }
        item.put(part, inner);
        item.put("newMember", mapOf("list", new ArrayList<>(List.of("secret one", 7, true)), "version", "2.0"));
        return item;
    }

    private static Map<String, Object> aPasskey() {
        Map<String, Object> passkey = new LinkedHashMap<>();
        for (String name : List.of(
                "credentialId",
                "keyType",
                "keyAlgorithm",
                "keyCurve",
                "keyValue",
                "rpId",
                "rpName",
                "userHandle",
                "userName",
                "userDisplayName",
                "counter",
                "discoverable")) {
            passkey.put(name, "the " + name);
        }
        passkey.put("creationDate", "2025-05-05T05:05:05.000Z");
        return passkey;
    }

    private static Map<String, Object> encrypted(Map<String, Object> plain, SymmetricKey key) {
        List<String> plainTextMembers = List.of(
                "id",
                "organizationId",
                "revisionDate",
                "lastUsedDate",
                "passwordRevisionDate",
                "creationDate",
                "version");
        return map(mapStrings(
                "",
                plain,
                (name, text) -> plainTextMembers.contains(name)
                        ? text
                        : key.encryptText(text).text()));
    }

    private static Map<String, Object> keyed(Map<String, Object> plain, SymmetricKey organizationKey) {
        try (SymmetricKey itemKey = SymmetricKey.make()) {
            Map<String, Object> item = encrypted(plain, itemKey);
            item.put("key", organizationKey.wrap(itemKey).text());
            return item;
        }
    }

    private static List<String> encryptedStringsOf(Map<String, Object> item) {
        List<String> found = new ArrayList<>();
        mapStrings("", item, (name, text) -> {
            if (EncString.looksLikeEncString(text)) {
                found.add(text);
            }
            return text;
        });
        return found;
    }

    private interface StringMapping {
        String apply(String name, String text);
    }

    private static Object mapStrings(String name, Object node, StringMapping mapping) {
        return switch (node) {
            case null -> null;
            case Map<?, ?> object -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                object.forEach((key, value) -> copy.put((String) key, mapStrings((String) key, value, mapping)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(element -> copy.add(mapStrings(name, element, mapping)));
                yield copy;
            }
            case String text -> mapping.apply(name, text);
            default -> node;
        };
    }

    private static Map<String, Object> mapOf(Object... namesAndValues) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
