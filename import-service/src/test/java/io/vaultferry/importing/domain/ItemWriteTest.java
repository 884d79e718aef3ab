package io.vaultferry.importing.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.testsupport.RecordedOrganization;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ItemWriteTest {

    private static final OrganizationId TARGET = new OrganizationId("target");

    private final SymmetricKey source = RecordedOrganization.key();
    private final SymmetricKey target = SymmetricKey.make();

    @Test
    void whatIsSentIsExactlyWhatWasPlanned() {
        // Given
        Item item = RecordedOrganization.items().getFirst();
        Map<String, Object> moved = ItemCrypto.moveToOrganization(item.json(), source, target);
        List<CollectionId> collections = List.of(new CollectionId("b"), new CollectionId("a"));

        // When
        PlannedWrite write = ItemWrite.plan(item.id(), moved, TARGET, collections);

        // Then
        assertThat(write.sourceId()).isEqualTo(item.id().value());
        assertThat(ItemWrite.itemIn(write.payload())).isEqualTo(Item.requestBody(moved, TARGET));
        assertThat(ItemWrite.collectionsIn(write.payload())).isEqualTo(collections);
    }

    @Test
    void theBodyNamesTheTargetAndNothingOfTheSourceServer() {
        // Given
        Item item = RecordedOrganization.items().getFirst();

        // When
        Map<String, Object> body = ItemWrite.itemIn(plan(item).payload());

        // Then
        assertThat(body)
                .containsEntry("organizationId", "target")
                .doesNotContainKeys(
                        "id", "attachments", "collectionIds", "creationDate", "revisionDate", "deletedDate", "data");
    }

    @Test
    void anItemInNoCollectionIsLinkedToNone() {
        // When
        PlannedWrite write = ItemWrite.plan(new ItemId("loose"), Map.of("name", "2.a"), TARGET, List.of());

        // Then
        assertThat(ItemWrite.collectionsIn(write.payload())).isEmpty();
    }

    @Test
    void itemsOfTheSameNameHaveTokensOfTheirOwn() {
        // Given
        Set<String> tokens = new HashSet<>();
        Set<String> names = new HashSet<>();

        // When
        for (Item item : RecordedOrganization.items()) {
            tokens.add(plan(item).token());
            names.add((String) ItemCrypto.decrypt(item.json(), source).get("name"));
        }

        // Then
        assertThat(names).as("two recorded names are there twice").hasSize(19);
        assertThat(tokens).hasSize(21);
    }

    @Test
    void everyPlanOfAnItemHasAnotherToken() {
        // Given
        for (Item item : RecordedOrganization.items()) {
            // Then
            assertThat(plan(item).token()).isNotEqualTo(plan(item).token());
        }
    }

    @Test
    void theTokenIsFoundInWhatTheServerLists() {
        // Given
        for (Item item : RecordedOrganization.items()) {
            PlannedWrite write = plan(item);

            // When
            Map<String, Object> listed = new LinkedHashMap<>(ItemWrite.itemIn(write.payload()));
            listed.put("id", "given-by-the-server");

            // Then
            assertThat(ItemWrite.token(listed)).isEqualTo(write.token());
        }
    }

    @Test
    void anItemThatTheServerListsAsItWasSentIsUntouched() {
        for (Item item : RecordedOrganization.items()) {
            // Given
            Map<String, Object> sent = ItemWrite.itemIn(plan(item).payload());

            // When
            Map<String, Object> listed = new LinkedHashMap<>(sent);
            listed.put("id", "given-by-the-server");
            listed.put("revisionDate", "2026-11-23T22:21:14.178228Z");
            listed.put("collectionIds", List.of("one"));
            listed.put("data", "the same once more");
            listed.put("passport", null);

            // Then
            assertThat(ItemWrite.contentsOf(Item.of(listed).json())).isEqualTo(ItemWrite.contentsOf(sent));
        }
    }

    @Test
    void theFirstAddressThatOlderServersRepeatIsNoEdit() {
        // Given
        String uri = target.encryptText("https://example.com").text();
        Map<String, Object> sent = login(Map.of("uris", List.of(Map.of("uri", uri))));

        // When
        Map<String, Object> listed = login(Map.of("uri", uri, "uris", List.of(Map.of("uri", uri))));

        // Then
        assertThat(ItemWrite.contentsOf(listed)).isEqualTo(ItemWrite.contentsOf(sent));
    }

    @Test
    void aPasswordThatWasChangedUnderTheSameNameIsAnEdit() {
        // Given
        String name = target.encryptText("Mail").text();
        Map<String, Object> sent =
                login(Map.of("password", target.encryptText("before").text()));
        sent.put("name", name);

        // When
        Map<String, Object> edited =
                login(Map.of("password", target.encryptText("after").text()));
        edited.put("name", name);

        // Then
        assertThat(ItemWrite.contentsOf(edited)).isNotEqualTo(ItemWrite.contentsOf(sent));
    }

    @Test
    void aFieldThatWasAddedOrRemovedIsAnEdit() {
        // Given
        String name = target.encryptText("Mail").text();
        Map<String, Object> sent =
                login(Map.of("username", target.encryptText("me").text()));
        sent.put("name", name);

        // When
        Map<String, Object> more = new HashMap<>(sent);
        more.put("notes", target.encryptText("written later").text());
        Map<String, Object> less = login(Map.of());
        less.put("name", name);

        // Then
        assertThat(ItemWrite.contentsOf(more)).isNotEqualTo(ItemWrite.contentsOf(sent));
        assertThat(ItemWrite.contentsOf(less)).isNotEqualTo(ItemWrite.contentsOf(sent));
    }

    private Map<String, Object> login(Map<String, Object> login) {
        Map<String, Object> item = new HashMap<>();
        item.put("type", 1);
        item.put("login", login);
        return item;
    }

    private PlannedWrite plan(Item item) {
        return ItemWrite.plan(item.id(), ItemCrypto.moveToOrganization(item.json(), source, target), TARGET, List.of());
    }
}
