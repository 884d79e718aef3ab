package io.vaultferry.importing.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.ServerKind;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.importing.domain.ItemAdmission.Decision;
import io.vaultferry.importing.domain.ItemAdmission.Decision.Admitted;
import io.vaultferry.importing.domain.ItemAdmission.Decision.Held;
import io.vaultferry.testsupport.RecordedOrganization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ItemAdmissionTest {

    private static final MigrationOptions WITHOUT_TRASH = new MigrationOptions(true, true, true, true, false);

    private final SymmetricKey source = RecordedOrganization.key();
    private final SymmetricKey target = SymmetricKey.make();

    @ParameterizedTest
    @MethodSource("recordedItems")
    void aRecordedItemIsTheSameUnderTheOtherKey(Item item) {
        // When
        Decision decision = vaultwarden(MigrationOptions.ALL).decide(item);

        // Then
        Map<String, Object> moved = moved(decision);
        byte[] before = ItemCrypto.comparisonHash(ItemCrypto.decrypt(item.json(), source), target);
        byte[] after = ItemCrypto.comparisonHash(ItemCrypto.decrypt(moved, target), target);
        assertThat(after).isEqualTo(before);
    }

    static List<Item> recordedItems() {
        return RecordedOrganization.items();
    }

    @Test
    void ofAnItemWithItsOwnKeyOnlyThatIsEncryptedAnew() {
        // Given
        Item item = recordedItems().stream()
                .filter(candidate -> candidate.key().isPresent())
                .findFirst()
                .orElseThrow();

        // When
        Map<String, Object> moved = moved(vaultwarden(MigrationOptions.ALL).decide(item));

        // Then
        assertThat(moved.get("key")).isNotEqualTo(item.json().get("key"));
        Map<String, Object> rest = new HashMap<>(moved);
        Map<String, Object> before = new HashMap<>(item.json());
        rest.remove("key");
        before.remove("key");
        assertThat(rest).isEqualTo(before);
    }

    @Test
    void ofAnItemWithoutAKeyNoEncryptedStringStays() {
        // Given
        Item item = recordedItems().stream()
                .filter(candidate -> candidate.key().isEmpty() && candidate.type() == 1)
                .findFirst()
                .orElseThrow();

        // When
        Map<String, Object> moved = moved(vaultwarden(MigrationOptions.ALL).decide(item));

        // Then
        List<String> before = encrypted(Item.requestBody(item.json(), RecordedOrganization.ID));
        assertThat(before).isNotEmpty();
        assertThat(encrypted(Item.requestBody(moved, RecordedOrganization.ID)))
                .hasSameSizeAs(before)
                .doesNotContainAnyElementsOf(before);
    }

    @Test
    void anItemInTheTrashGoesOnlyWhenItIsAskedFor() {
        // Given
        Map<String, Object> json = note();
        json.put("deletedDate", "2026-11-23T22:21:14.178228Z");

        // When
        Decision asked = vaultwarden(MigrationOptions.ALL).decide(Item.of(json));
        Decision leftOut = vaultwarden(WITHOUT_TRASH).decide(Item.of(json));

        // Then
        assertThat(asked).isInstanceOf(Admitted.class);
        assertThat(leftOut).isEqualTo(new Held(Outcome.SKIPPED, ReasonCode.LEFT_OUT_BY_OPTION));
    }

    @Test
    void aTypeThatTheTargetDoesNotKnowIsSkippedThere() {
        // Given
        Map<String, Object> bankAccount = note();
        bankAccount.put("type", 6);

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(bankAccount)))
                .isEqualTo(new Held(Outcome.SKIPPED, ReasonCode.UNSUPPORTED_BY_TARGET));
        assertThat(official("2026.8.0").decide(Item.of(bankAccount))).isInstanceOf(Admitted.class);
        assertThat(official("2025.12.0").decide(Item.of(bankAccount)))
                .isEqualTo(new Held(Outcome.SKIPPED, ReasonCode.UNSUPPORTED_BY_TARGET));
    }

    @Test
    void anItemThatIsSealedAsOneBlockIsQuarantined() {
        // Given
        Map<String, Object> json = note();
        json.remove("secureNote");
        json.put("data", "{\"wrapped_cek\":\"…\"}");

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.UNSUPPORTED_ENCRYPTION));
    }

    @Test
    void encryptionWithoutAuthenticationIsNotRead() {
        // Given
        Map<String, Object> json = note();
        json.put("notes", "0.KBd0pAY4AV7pgWcWGp16Rg==|79ZeEHF2Dh4XWrtWehgIXw==");

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.UNSUPPORTED_ENCRYPTION));
    }

    @Test
    void anUnknownEncryptionIsQuarantinedWhereverItIs() {
        // Given
        Map<String, Object> json = note();
        json.put("fields", List.of(Map.of("type", 0, "value", "99.KBd0pAY4AV7pgWcWGp16Rg==|79ZeEHF2Dh4XWrtWehgIXw==")));

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.UNSUPPORTED_ENCRYPTION));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatDoesNotOpenIsQuarantined(Map<String, Object> damage) {
        // Given
        Map<String, Object> json = note();
        json.putAll(damage);

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.UNREADABLE_AT_SOURCE));
    }

    static List<Map<String, Object>> unreadable() {
        try (SymmetricKey foreign = SymmetricKey.make();
                SymmetricKey own = SymmetricKey.make();
                SymmetricKey source = RecordedOrganization.key()) {
            String good = source.encryptText("good").text();
            String flipped = good.substring(0, good.length() - 3) + (good.endsWith("AA=") ? "BB=" : "AA=");
            return List.of(
                    Map.of(
                            "name",
                            foreign.encryptText("of another organization").text()),
                    Map.of("name", "plain text"),
                    Map.of("name", flipped),
                    Map.of("notes", foreign.encryptText("notes").text()),
                    Map.of("notes", "2.truncated|"),
                    Map.of(
                            "fields",
                            List.of(Map.of(
                                    "type", 0, "value", foreign.encryptText("f").text()))),
                    Map.of("key", foreign.wrap(own).text()),
                    // Its own key opens, and its fields are not under it.
                    Map.of("key", source.wrap(own).text()));
        }
    }

    @ParameterizedTest
    @MethodSource("namesThatAreNone")
    void anItemWithoutKeyAndNameIsQuarantinedBecauseNothingTellsItFromOthers(Optional<String> name) {
        // Given
        Map<String, Object> json = note();
        json.put("name", name.orElse(null));

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.UNREADABLE_AT_SOURCE));
    }

    static List<Optional<String>> namesThatAreNone() {
        return List.of(Optional.empty(), Optional.of(""), Optional.of(" "));
    }

    @Test
    void anItemWithItsOwnKeyNeedsNoName() {
        // Given
        Map<String, Object> json = note();
        try (SymmetricKey own = SymmetricKey.make()) {
            json.put("key", source.wrap(own).text());
        }
        json.put("name", "");

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json))).isInstanceOf(Admitted.class);
    }

    @Test
    void anEmptyNameThatIsEncryptedIsAName() {
        // Given
        Map<String, Object> json = note();
        json.put("name", source.encryptText("").text());

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(json))).isInstanceOf(Admitted.class);
    }

    @Test
    void notesThatAreLongerThanTheTargetTakesAreQuarantined() {
        // Given
        int most = 7_400;
        while (notes(most + 1).length() <= 10_000) {
            most++;
        }
        Map<String, Object> fits = note();
        Map<String, Object> tooLong = note();
        fits.put("notes", notes(most));
        tooLong.put("notes", notes(most + 1));

        // Then
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(fits))).isInstanceOf(Admitted.class);
        assertThat(vaultwarden(MigrationOptions.ALL).decide(Item.of(tooLong)))
                .isEqualTo(new Held(Outcome.QUARANTINED, ReasonCode.FIELD_TOO_LONG));
    }

    @Test
    void membersThatNobodyKnowsAreCarriedAlong() {
        // Given
        Map<String, Object> json = note();
        String secret = source.encryptText("of tomorrow").text();
        json.put("hologram", Map.of("shape", secret, "count", 3));

        // When
        Map<String, Object> moved = moved(vaultwarden(MigrationOptions.ALL).decide(Item.of(json)));

        // Then
        Map<?, ?> hologram = (Map<?, ?>) moved.get("hologram");
        assertThat(hologram.get("count")).isEqualTo(3);
        assertThat(target.decryptText(EncString.parse((String) hologram.get("shape"))))
                .isEqualTo("of tomorrow");
    }

    @Test
    void aDecisionShowsNothingOfTheItem() {
        // When
        Decision decision = vaultwarden(MigrationOptions.ALL).decide(Item.of(note()));

        // Then
        assertThat(decision).hasToString("Admitted[redacted]");
    }

    private String notes(int characters) {
        return source.encryptText("n".repeat(characters)).text();
    }

    private Map<String, Object> note() {
        Map<String, Object> json = new HashMap<>();
        json.put("id", "note");
        json.put("type", 2);
        json.put("name", source.encryptText("A note").text());
        json.put("notes", null);
        json.put("secureNote", Map.of("type", 0));
        json.put("revisionDate", "2026-11-23T22:21:14.178228Z");
        return json;
    }

    private ItemAdmission vaultwarden(MigrationOptions options) {
        return new ItemAdmission(profile(ServerKind.VAULTWARDEN, "2026.6.0"), options, source, target);
    }

    private ItemAdmission official(String version) {
        return new ItemAdmission(profile(ServerKind.BITWARDEN_CLOUD, version), MigrationOptions.ALL, source, target);
    }

    private static ServerProfile profile(ServerKind kind, String version) {
        return ServerProfile.of(new ServerInfo(kind, version, Optional.empty()));
    }

    private static Map<String, Object> moved(Decision decision) {
        assertThat(decision).isInstanceOf(Admitted.class);
        return ((Admitted) decision).moved();
    }

    private static List<String> encrypted(Object node) {
        List<String> found = new ArrayList<>();
        switch (node) {
            case Map<?, ?> map -> map.values().forEach(value -> found.addAll(encrypted(value)));
            case List<?> list -> list.forEach(value -> found.addAll(encrypted(value)));
            case String text when text.startsWith("2.") -> found.add(text);
            case null, default -> {}
        }
        return found;
    }
}
