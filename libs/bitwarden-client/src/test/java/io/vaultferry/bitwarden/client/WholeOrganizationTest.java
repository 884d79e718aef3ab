package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import io.vaultferry.bitwarden.crypto.RevealKeyBytes;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the typed answers hold, against the recorded organization. */
class WholeOrganizationTest {
    private static final OrganizationId ORGANIZATION = new OrganizationId("d34adb66-fc99-44ab-ae6b-78ef38ce20a5");
    private static final String PASSWORD = "correct horse battery staple 9";

    private FakeServer server;
    private BitwardenServer client;
    private BitwardenSession session;

    @BeforeEach
    void start() {
        List<Exchange> reading = Exchange.in("14-read-organization");
        List<Exchange> login = Exchange.in("05-organization-collections-groups");
        server = new FakeServer(request -> switch (request.path()) {
            case "/api/config" -> reply(Exchange.of("01-register-and-login", 12));
            case "/api/accounts/profile" -> reply(login.get(4));
            case "/identity/accounts/prelogin" -> reply(login.get(2));
            case "/identity/connect/token" ->
                request.text().contains("client_credentials")
                        ? reply(Exchange.of("03-api-key-login", 2))
                        : reply(login.get(3));
            default ->
                reading.stream()
                        .filter(e ->
                                e.method().equals(request.method()) && e.path().equals(request.path()))
                        .reduce((first, last) -> last)
                        .map(WholeOrganizationTest::reply)
                        .orElseGet(() -> Reply.json(404, "{}"));
        });
        client = BitwardenServer.at(
                ServerAddress.of(server.url()), ClientSettings.defaults().withInsecureServers(true));
        session = client.session(
                AccessTokens.fixed(AccessToken.of("token", Instant.now().plusSeconds(3600))));
    }

    private static Reply reply(Exchange exchange) {
        return Reply.bytes(exchange.status(), exchange.responseBody());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void accountIsUnlockedDownToTheOrganizationKey() {
        // Given
        byte[] expected = Base64.getDecoder()
                .decode("16n6aZaXvUI7yowrpt0i0BF+ZrlYTAw6yuxrHJB1FJEz1yvFB0lHXLz/bMufdlx9zUQU+MZeFycNPisvz40eIw==");
        char[] password = PASSWORD.toCharArray();

        // When
        Login login = client.logIn(PasswordCredentials.of("owner@acme.example.test", password));

        // Then
        assertThat(login.refreshToken()).isPresent();
        assertThat(login.accessToken().expiresAt())
                .isBetween(Instant.now().plusSeconds(7000), Instant.now().plusSeconds(7200));
        try (UnlockedAccount account = UnlockedAccount.unlock(client, login, password);
                SymmetricKey key = account.organizationKey(ORGANIZATION)) {
            assertThat(account.email()).isEqualTo("owner@acme.example.test");
            assertThat(account.organizations())
                    .extracting(OrganizationMembership::role)
                    .containsExactly(MemberRole.OWNER);
            assertThat(key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void passwordHashIsTheRecordedOne() {
        // Given
        String recorded = Exchange.of("05-organization-collections-groups", 4)
                .requestForm()
                .get("password");

        // When
        client.logIn(PasswordCredentials.of(" owner@acme.example.test ", PASSWORD.toCharArray()));

        // Then
        assertThat(server.seen().stream().filter(s -> s.path().equals("/identity/connect/token")))
                .singleElement()
                .satisfies(request -> assertThat(Exchange.form(request.text()))
                        .containsEntry("password", recorded)
                        .containsEntry("username", "owner@acme.example.test"));
    }

    @Test
    void apiKeyUnlocksOnlyWithTheRightMasterPassword() {
        // Given
        Login login = client.logIn(ApiKeyCredentials.of("user.06f75c4c-7096-4051-b680-aa58f47a516d", "secret"));

        // When
        LoginRefusedException refused = catchThrowableOfType(
                LoginRefusedException.class,
                () -> UnlockedAccount.unlock(client, login, "another password".toCharArray()));

        // Then
        assertThat(refused.reason()).isEqualTo(Reason.WRONG_PASSWORD);
        UnlockedAccount.unlock(client, login, PASSWORD.toCharArray()).close();
    }

    @Test
    void organizationKeyOfStrangersIsNotFound() {
        // Given
        Login login = client.logIn(ApiKeyCredentials.of("user.06f75c4c-7096-4051-b680-aa58f47a516d", "secret"));
        try (UnlockedAccount account = UnlockedAccount.unlock(client, login, PASSWORD.toCharArray())) {
            // When
            Throwable thrown = catchThrowableOfType(
                    NotFoundException.class, () -> account.organizationKey(new OrganizationId("another")));

            // Then
            assertThat(thrown).hasMessageContaining("organization's key");
        }
    }

    @Test
    void organizationIsRead() {
        // When
        Organization organization = session.organization(ORGANIZATION);

        // Then
        assertThat(organization.name()).isEqualTo("Acme ✓ GmbH");
        assertThat(organization.billingEmail()).isEqualTo("owner@acme.example.test");
        assertThat(organization.useGroups()).isTrue();
        assertThat(organization.seats()).isEmpty();
        assertThat(organization.maxStorageGb()).hasValue(32767);
        assertThat(organization.allowAdminAccessToAllCollectionItems()).isTrue();
        assertThat(organization.json()).containsEntry("planType", 6);
    }

    @Test
    void groupsHaveTheirCollectionsAndMembers() {
        // When
        List<Group> groups = session.groups(ORGANIZATION);

        // Then
        assertThat(groups).extracting(Group::name).containsExactly("Auditors", "Managers", "Nobody", "Developers");
        assertThat(groups).extracting(group -> group.members().size()).containsExactly(1, 1, 0, 2);
        assertThat(groups).extracting(group -> group.collections().size()).containsExactly(4, 1, 0, 3);
        assertThat(groups.getLast().externalId()).hasValue("g-dev");
        assertThat(groups.getFirst().collections())
                .allSatisfy(access ->
                        assertThat(access.readOnly() && access.hidePasswords()).isTrue());
    }

    @Test
    void membersOfGroupsComeFromTheListOfMembersOnOfficialServers() {
        // Given
        List<Group> expected = session.groups(ORGANIZATION);
        FakeServer.Answering recorded = request -> request.path().equals("/api/config")
                ? Reply.json(200, "{\"version\":\"2026.8.0\",\"server\":null}")
                : request.path().endsWith("/groups/details")
                        ? reply(Exchange.of("14-read-organization", 101))
                        : request.path().contains("/users?")
                                ? reply(Exchange.of("14-read-organization", 100))
                                : Reply.json(404, "{}");
        server.answerWith(recorded);
        try (BitwardenServer official =
                BitwardenServer.at(client.address(), ClientSettings.defaults().withInsecureServers(true))) {
            // When
            List<Group> groups = official.session(AccessTokens.fixed(
                            AccessToken.of("token", Instant.now().plusSeconds(3600))))
                    .groups(ORGANIZATION);

            // Then
            assertThat(official.info().kind()).isEqualTo(ServerKind.BITWARDEN_SELF_HOSTED);
            assertThat(groups)
                    .usingRecursiveComparison()
                    .ignoringCollectionOrder()
                    .isEqualTo(expected);
        }
    }

    @Test
    void whatTheListingOfMembersHidesIsReadFromThatOfCollections() {
        // When
        List<Member> members = session.members(ORGANIZATION);

        // Then
        assertThat(members)
                .filteredOn(member -> member.status() == MemberStatus.INVITED)
                .singleElement()
                .satisfies(invited -> assertThat(invited.collections())
                        .containsExactly(new Access<>(
                                new CollectionId("911dcf77-1609-4e9a-acc4-f5087495c387"), false, true, false)));
    }

    @Test
    void membersHaveRoleStatusAndAccess() {
        // When
        List<Member> members = session.members(ORGANIZATION);

        // Then
        assertThat(members).hasSize(7);
        assertThat(members).extracting(Member::role).containsOnlyOnce(MemberRole.ADMIN, MemberRole.CUSTOM);
        Member invited = members.get(1);
        assertThat(invited.status()).isEqualTo(MemberStatus.INVITED);
        assertThat(invited.name()).isEmpty();
        assertThat(invited.email()).isEqualTo("never-registered@acme.example.test");
        assertThat(invited.groups()).containsExactly(new GroupId("e1a8e329-e4b7-4e19-843b-a8abf42962e2"));
        Member bob = members.getLast();
        assertThat(bob.collections())
                .containsExactly(
                        new Access<>(new CollectionId("9bbf04ba-f92c-40cc-85d1-af750a236c53"), true, false, false));
    }

    @Test
    void collectionsHaveTheAccessOfGroupsAndMembers() {
        // When
        List<Collection> collections = session.collections(ORGANIZATION);

        // Then
        assertThat(collections).hasSize(9);
        Collection infrastructure = collections.get(1);
        assertThat(infrastructure.name().text()).startsWith("2.l4EXxBwpVnGVgmUV66CMWA==|");
        assertThat(infrastructure.personal()).isFalse();
        assertThat(infrastructure.members()).hasSize(4);
        assertThat(infrastructure.groups())
                .contains(new Access<>(new GroupId("4d88386e-f6f9-4496-a74b-fbf057297e83"), true, true, false));
    }

    @Test
    void policiesKeepAbsentDataAbsent() {
        // When
        List<Policy> policies = session.policies(ORGANIZATION);

        // Then
        assertThat(policies).extracting(Policy::type).containsExactly(1, 2, 6);
        assertThat(policies.get(0).data().orElseThrow()).containsEntry("minLength", 14);
        assertThat(policies.get(2).data()).isEqualTo(Optional.<Map<String, Object>>empty());
        assertThat(policies).allMatch(Policy::enabled);
    }

    @Test
    void itemsAreWhole() {
        // Given
        Map<String, Object> answer =
                Exchange.of("14-read-organization", 69).responseJson().tree();

        // When
        List<Item> items = session.items(ORGANIZATION);

        // Then
        assertThat(items).hasSize(21);
        assertThat(items).extracting(Item::json).isEqualTo(answer.get("data"));
        assertThat(items).filteredOn(item -> item.deletedAt().isPresent()).hasSize(1);
        assertThat(items).filteredOn(item -> item.key().isPresent()).hasSize(10);
        assertThat(items)
                .filteredOn(item -> item.collectionIds().isEmpty())
                .extracting(item -> item.id().value())
                .containsExactly("ed1b0509-1f44-4ded-b29a-d6a9fd712e1a");
        assertThat(items)
                .filteredOn(item -> item.collectionIds().size() == 2)
                .extracting(item -> item.id().value())
                .contains("65e55a3f-99db-43bf-8e81-f459ab75c4dc");
        assertThat(items.stream().mapToInt(item -> item.attachments().size()).sum())
                .isEqualTo(14);
        assertThat(items).noneMatch(Item::isOpaque);
        Attachment attachment = items.getFirst().attachments().getFirst();
        assertThat(attachment.size()).isEqualTo(81);
        assertThat(attachment.key()).isPresent();
    }

    @Test
    void requestBodyHasTheContentsOfAnItemAndNothingElse() {
        // Given
        Item item = session.items(ORGANIZATION).getFirst();

        // When
        Map<String, Object> body = Item.requestBody(item.json(), new OrganizationId("target"));

        // Then
        assertThat(body)
                .containsEntry("organizationId", "target")
                .containsEntry("name", item.name().text())
                .containsEntry("favorite", false)
                .containsKeys("type", "notes", "fields", "passwordHistory", "reprompt", "key", "secureNote")
                .hasEntrySatisfying(
                        "login",
                        login -> assertThat(login)
                                .asInstanceOf(InstanceOfAssertFactories.MAP)
                                .as("the first address is repeated by the server and not sent back")
                                .containsKey("uris")
                                .doesNotContainKey("uri"))
                .doesNotContainKeys(
                        "id", "object", "attachments", "collectionIds", "creationDate", "revisionDate", "deletedDate");
    }

    @Test
    void secretsAreInNoToString() {
        // Given
        Login login = client.logIn(PasswordCredentials.of("owner@acme.example.test", PASSWORD.toCharArray()));
        String token =
                new String(Exchange.of("05-organization-collections-groups", 4).responseBody(), StandardCharsets.UTF_8);

        // Then
        assertThat(List.of(
                        login,
                        login.accessToken(),
                        login.refreshToken().orElseThrow(),
                        PasswordCredentials.of("a@b", PASSWORD.toCharArray()),
                        ApiKeyCredentials.of("user.x", "secret"),
                        client,
                        session.items(ORGANIZATION).getFirst(),
                        session.members(ORGANIZATION).getFirst()))
                .allSatisfy(object -> assertThat(object.toString())
                        .doesNotContain(
                                PASSWORD, "secret", "@", login.accessToken().reveal())
                        .hasSizeLessThan(100));
        assertThat(token).contains(login.accessToken().reveal());
    }
}
