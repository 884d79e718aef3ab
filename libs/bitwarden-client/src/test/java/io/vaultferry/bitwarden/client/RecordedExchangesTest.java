package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import io.vaultferry.bitwarden.client.FakeServer.Seen;
import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.PublicKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded exchange that this client can make is made again by its typed methods, against a server that gives the
 * recorded answer: the request must be the recorded one, and the answer must be understood, the refusals too.
 */
class RecordedExchangesTest {
    private static final String RECORDED_ORIGIN = "https://localhost:18443";
    private static final String ID = "([0-9a-f]{8}-[0-9a-f-]{27})";
    private static final String FILE_ID = "([0-9a-f]{20})";
    private static final OrganizationId SOME_ORGANIZATION = new OrganizationId("d34adb66-fc99-44ab-ae6b-78ef38ce20a5");
    private static final EncString SOME_ENC_STRING = EncString.parse(
            "2.l4EXxBwpVnGVgmUV66CMWA==|6dRX80M6aBVApFMe1MUOeg==|bDFgPI19Z0oHZwSrCDicfVSYpQthQbrY2qTBmpmgjdE=");
    private static final Reply NOT_RECORDED =
            Reply.json(404, "{\"error\":{\"code\":404,\"reason\":\"Not Found\",\"description\":\"Not here.\"}}");

    /** What other clients did that this one does not do. */
    private static final List<String> NOT_OURS = List.of(
            "GET /alive",
            "GET /api/accounts/revision-date",
            "GET /api/sync\\?.*",
            "GET /api/organizations/" + ID + "/collections",
            "GET /api/organizations/" + ID + "/groups",
            "GET /api/organizations/" + ID + "/groups/" + ID + "/details",
            "GET /api/organizations/" + ID + "/export",
            "GET /api/organizations/" + ID + "/keys",
            "GET /api/organizations/" + ID + "/policies/1",
            "GET /api/organizations/" + ID + "/users\\?",
            "POST /api/accounts/api-key",
            "POST /api/two-factor/get-authenticator",
            "PUT /api/two-factor/authenticator",
            "POST /events/collect",
            "POST /identity/accounts/register",
            "PUT /api/ciphers/" + ID,
            "PUT /api/ciphers/" + ID + "/collections_v2");

    private static FakeServer server;
    private static BitwardenServer client;
    private static BitwardenSession session;

    private final List<Seen> matching = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new FakeServer(request -> NOT_RECORDED);
        client = BitwardenServer.at(
                ServerAddress.of(server.url()), ClientSettings.defaults().withInsecureServers(true));
        session = client.session(
                AccessTokens.fixed(AccessToken.of("token", Instant.now().plusSeconds(3600))));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static Stream<Exchange> ours() {
        return Exchange.all().filter(RecordedExchangesTest::isOurs);
    }

    private static boolean isOurs(Exchange exchange) {
        String line = exchange.method() + " " + exchange.path();
        boolean incompleteForm = exchange.requestText().equals("grant_type=password");
        return NOT_OURS.stream().noneMatch(line::matches) && !incompleteForm;
    }

    @Test
    void mostOfWhatWasRecordedIsMadeAgain() {
        assertThat(ours().count()).isEqualTo(299);
        assertThat(Exchange.all().count()).isEqualTo(356);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ours")
    void recordedExchangeIsMadeAndUnderstood(Exchange exchange) throws Exception {
        // Given
        server.answerWith(request -> answer(exchange, request));

        // When
        Throwable failure = catchThrowable(() -> make(exchange));

        // Then
        if (exchange.status() < 300) {
            assertThatCode(() -> {
                        if (failure != null) {
                            throw failure;
                        }
                    })
                    .doesNotThrowAnyException();
        } else {
            assertThat(failure).isInstanceOf(expectedRefusal(exchange));
            assertRefusalIsMeaningful(exchange, failure);
        }
        assertThat(matching).hasSize(1);
        assertSameRequest(exchange, matching.getFirst());
    }

    private Reply answer(Exchange exchange, Seen request) {
        if (request.method().equals(exchange.method()) && request.path().equals(exchange.path())) {
            matching.add(request);
            String text = new String(exchange.responseBody(), StandardCharsets.ISO_8859_1);
            byte[] body = text.replace(RECORDED_ORIGIN, server.url()).getBytes(StandardCharsets.ISO_8859_1);
            return Reply.bytes(exchange.status(), body);
        }
        if (request.path().equals("/api/config")) {
            return Reply.bytes(200, Exchange.of("01-register-and-login", 12).responseBody());
        }
        if (request.path().startsWith("/identity/accounts/prelogin")
                && !exchange.path().startsWith("/identity/accounts/prelogin")) {
            return Reply.json(200, "{\"kdf\":0,\"kdfIterations\":5000}");
        }
        if (request.path().endsWith("/groups/details")) {
            Matcher group = Pattern.compile(".*/groups/" + ID + "/users").matcher(exchange.path());
            return group.matches()
                    ? Reply.json(200, "{\"data\":[{\"id\":\"" + group.group(1) + "\",\"name\":\"x\"}]}")
                    : NOT_RECORDED;
        }
        if (request.path().matches(".*/groups/" + ID + "/users")) {
            return Reply.json(200, "[]");
        }
        if (request.path().endsWith("/collections/details")) {
            // Asked for too where some members are not confirmed.
            return Reply.json(200, "{\"data\":[]}");
        }
        return NOT_RECORDED;
    }

    /** Makes the exchange by the method that is meant for it. */
    private void make(Exchange exchange) throws IOException {
        String line = exchange.method() + " " + exchange.path();
        List<String> found = new ArrayList<>();
        if (matches(line, "GET /api/config", found)) {
            try (BitwardenServer fresh = BitwardenServer.at(
                    client.address(), ClientSettings.defaults().withInsecureServers(true))) {
                assertThat(fresh.info())
                        .isEqualTo(new ServerInfo(ServerKind.VAULTWARDEN, "2026.6.0", Optional.empty()));
            }
        } else if (matches(line, "POST /identity/accounts/prelogin(/password)?", found)) {
            client.prelogin(exchange.requestJson().text("email"));
        } else if (matches(line, "POST /identity/connect/token", found)) {
            makeToken(exchange.requestForm());
        } else if (matches(line, "GET /api/accounts/profile", found)) {
            session.profile();
        } else if (matches(line, "GET /api/users/" + ID + "/public-key", found)) {
            session.publicKey(new UserId(found.getFirst()));
        } else if (line.contains(" /api/organizations")) {
            makeOnOrganization(exchange, line);
        } else {
            makeOnItem(exchange, line);
        }
    }

    private static boolean matches(String line, String pattern, List<String> found) {
        Matcher matcher = Pattern.compile(pattern).matcher(line);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 1; i <= matcher.groupCount(); i++) {
            found.add(matcher.group(i));
        }
        return true;
    }

    private void makeToken(Map<String, String> form) {
        switch (form.get("grant_type")) {
            case "password" -> {
                PasswordCredentials credentials =
                        PasswordCredentials.of(form.get("username"), "correct horse battery staple 9".toCharArray());
                client.logIn(
                        form.containsKey("twoFactorToken")
                                ? credentials.withAuthenticatorCode(form.get("twoFactorToken"))
                                : credentials);
            }
            case "client_credentials" ->
                client.logIn(ApiKeyCredentials.of(form.get("client_id"), form.get("client_secret")));
            case "refresh_token" -> client.refresh(RefreshToken.of(form.get("refresh_token")));
            default -> fail("An unknown grant was recorded.");
        }
    }

    private void makeOnOrganization(Exchange exchange, String line) {
        List<String> ids = new ArrayList<>();
        String base = " /api/organizations/" + ID;
        if (matches(line, "POST /api/organizations", ids)) {
            JsonObject body = exchange.requestJson();
            JsonObject keys = body.object("keys").orElseThrow();
            session.createOrganization(new NewOrganization(
                    body.text("name"),
                    body.text("billingEmail"),
                    EncString.parse(body.text("key")),
                    PublicKey.fromBase64(keys.text("publicKey")),
                    EncString.parse(keys.text("encryptedPrivateKey")),
                    EncString.parse(body.text("collectionName"))));
            return;
        }
        OrganizationId organization = new OrganizationId(exchange.path().split("[/?]", -1)[3]);
        if (matches(line, "GET" + base, ids)) {
            session.organization(organization);
        } else if (matches(line, "DELETE" + base, ids)) {
            session.deleteOrganization(organization, exchange.requestJson().text("masterPasswordHash"));
        } else if (matches(line, "GET" + base + "/collections/details", ids)) {
            session.collections(organization);
        } else if (matches(line, "POST" + base + "/collections", ids)) {
            JsonObject body = exchange.requestJson();
            session.createCollection(
                    organization,
                    EncString.parse(body.text("name")),
                    body.filledText("externalId"),
                    access(body, "groups", GroupId::new),
                    access(body, "users", MemberId::new));
        } else if (matches(line, "DELETE" + base + "/collections/" + ID, ids)) {
            session.deleteCollection(organization, new CollectionId(ids.get(1)));
        } else if (matches(line, "GET" + base + "/groups/details", ids)
                || matches(line, "GET" + base + "/groups/" + ID + "/users", ids)) {
            session.groups(organization);
        } else if (matches(line, "POST" + base + "/groups", ids)) {
            session.createGroup(organization, group(exchange.requestJson()));
        } else if (matches(line, "PUT" + base + "/groups/" + ID, ids)) {
            session.updateGroup(organization, new GroupId(ids.get(1)), group(exchange.requestJson()));
        } else if (matches(line, "GET" + base + "/policies", ids)) {
            session.policies(organization);
        } else if (matches(line, "PUT" + base + "/policies/(\\d+)", ids)) {
            JsonObject policy = exchange.requestJson().object("policy").orElseThrow();
            session.putPolicy(
                    organization,
                    Integer.parseInt(ids.get(1)),
                    policy.flag("enabled"),
                    policy.object("data").map(JsonObject::tree));
        } else {
            makeOnMember(exchange, line, organization);
        }
    }

    private void makeOnMember(Exchange exchange, String line, OrganizationId organization) {
        List<String> ids = new ArrayList<>();
        String base = " /api/organizations/" + ID + "/users";
        if (matches(line, "GET" + base + "\\?includeCollections=true&includeGroups=true", ids)) {
            session.members(organization);
        } else if (matches(line, "POST" + base + "/invite", ids)) {
            JsonObject body = exchange.requestJson();
            session.invite(
                    organization,
                    new Invitation(
                            body.texts("emails").getFirst(),
                            MemberRole.ofCode(body.integer("type")),
                            body.map("permissions"),
                            access(body, "collections", CollectionId::new),
                            body.texts("groups").stream().map(GroupId::new).toList()));
        } else if (matches(line, "POST" + base + "/public-keys", ids)) {
            List<MemberId> members = exchange.requestJson().texts("ids").stream()
                    .map(MemberId::new)
                    .toList();
            assertThat(session.publicKeys(organization, members)).containsOnlyKeys(members);
        } else if (matches(line, "POST" + base + "/" + ID + "/confirm", ids)) {
            session.confirm(
                    organization,
                    new MemberId(ids.get(1)),
                    EncString.parse(exchange.requestJson().text("key")));
        } else if (matches(line, "PUT" + base + "/" + ID + "/revoke", ids)) {
            session.revokeMember(organization, new MemberId(ids.get(1)));
        } else if (matches(line, "PUT" + base + "/" + ID + "/restore", ids)) {
            session.restoreMember(organization, new MemberId(ids.get(1)));
        } else if (matches(line, "PUT" + base + "/" + ID, ids)) {
            JsonObject body = exchange.requestJson();
            session.updateMember(
                    organization,
                    new MemberId(ids.get(1)),
                    new MemberUpdate(
                            MemberRole.ofCode(body.integer("type")),
                            body.map("permissions"),
                            access(body, "collections", CollectionId::new),
                            body.texts("groups").stream().map(GroupId::new).toList()));
        } else {
            fail("Nothing makes this recorded exchange: " + line);
        }
    }

    private void makeOnItem(Exchange exchange, String line) throws IOException {
        List<String> ids = new ArrayList<>();
        String item = " /api/ciphers/" + ID;
        if (matches(line, "GET /api/ciphers/organization-details\\?organizationId=" + ID, ids)) {
            session.items(new OrganizationId(ids.getFirst()));
        } else if (matches(line, "POST /api/ciphers/create", ids)) {
            JsonObject body = exchange.requestJson();
            session.createItem(
                    SOME_ORGANIZATION,
                    body.map("cipher"),
                    body.texts("collectionIds").stream().map(CollectionId::new).toList());
        } else if (matches(line, "POST /api/ciphers/import-organization\\?organizationId=" + ID, ids)) {
            makeImport(exchange, new OrganizationId(ids.getFirst()));
        } else if (matches(line, "POST /api/ciphers/delete", ids)) {
            session.deleteItems(
                    SOME_ORGANIZATION,
                    exchange.requestJson().texts("ids").stream()
                            .map(ItemId::new)
                            .toList());
        } else if (matches(line, "GET" + item, ids)) {
            session.item(new ItemId(ids.getFirst()));
        } else if (matches(line, "PUT" + item + "/delete", ids)) {
            session.trashItems(SOME_ORGANIZATION, List.of(new ItemId(ids.getFirst())));
        } else if (matches(line, "PUT" + item + "/collections-admin", ids)) {
            session.setItemCollections(
                    new ItemId(ids.getFirst()),
                    exchange.requestJson().texts("collectionIds").stream()
                            .map(CollectionId::new)
                            .toList());
        } else {
            makeOnAttachment(exchange, line, item);
        }
    }

    private void makeImport(Exchange exchange, OrganizationId organization) {
        JsonObject body = exchange.requestJson();
        Map<CollectionId, EncString> names = new LinkedHashMap<>();
        List<CollectionId> positions = new ArrayList<>();
        for (JsonObject collection : body.objects("collections")) {
            // The recorded client made some of its collections by the import itself, which this one never does.
            CollectionId id = new CollectionId(
                    collection.filledText("id").orElse("00000000-0000-0000-0000-00000000000" + positions.size()));
            positions.add(id);
            names.put(id, EncString.parse(collection.text("name")));
        }
        session.importItems(
                organization,
                body.objects("ciphers").stream().map(JsonObject::tree).toList(),
                body.objects("collectionRelationships").stream()
                        .map(link -> new Relationship(link.integer("key"), positions.get(link.integer("value"))))
                        .toList(),
                names);
    }

    private void makeOnAttachment(Exchange exchange, String line, String item) throws IOException {
        List<String> ids = new ArrayList<>();
        if (matches(line, "POST" + item + "/attachment/v2", ids)) {
            JsonObject body = exchange.requestJson();
            boolean nonsense = !EncString.looksLikeEncString(body.text("key"));
            AttachmentSlot slot = session.createAttachment(
                    new ItemId(ids.getFirst()),
                    nonsense ? SOME_ENC_STRING : EncString.parse(body.text("key")),
                    nonsense ? SOME_ENC_STRING : EncString.parse(body.text("fileName")),
                    body.optionalLong("fileSize").orElseThrow());
            assertThat(slot.kind()).isEqualTo(UploadKind.DIRECT);
        } else if (matches(line, "POST" + item + "/attachment/" + FILE_ID, ids)) {
            byte[] file = fileOf(exchange.requestBody());
            AttachmentSlot slot = new AttachmentSlot(
                    new ItemId(ids.getFirst()), new AttachmentId(ids.get(1)), UploadKind.DIRECT, "/anything");
            session.uploadAttachment(slot, SOME_ENC_STRING, new ByteArrayInputStream(file), file.length);
        } else if (matches(line, "GET" + item + "/attachment/" + FILE_ID, ids)) {
            AttachmentLink link = session.attachmentLink(new ItemId(ids.getFirst()), new AttachmentId(ids.get(1)));
            assertThat(link.url().toString()).startsWith(server.url() + "/attachments/");
        } else if (matches(line, "DELETE" + item + "/attachment/" + FILE_ID, ids)) {
            session.deleteAttachment(new ItemId(ids.getFirst()), new AttachmentId(ids.get(1)));
        } else if (matches(line, "GET /attachments/" + ID + "/" + FILE_ID + "\\?token=.*", ids)) {
            AttachmentLink link = new AttachmentLink(
                    new ItemId(ids.getFirst()),
                    new AttachmentId(ids.get(1)),
                    URI.create(server.url() + exchange.path()));
            try (Download download = session.download(link)) {
                assertThat(download.length()).hasValue(exchange.responseBody().length);
                assertThat(download.body().readAllBytes()).isEqualTo(exchange.responseBody());
            }
        } else {
            fail("Nothing makes this recorded exchange: " + line);
        }
    }

    private static Class<? extends BitwardenException> expectedRefusal(Exchange exchange) {
        if (exchange.path().equals("/identity/connect/token")) {
            return LoginRefusedException.class;
        }
        boolean missingItem = new String(exchange.responseBody(), StandardCharsets.UTF_8).contains("doesn't exist");
        return switch (exchange.status()) {
            case 401 -> UnauthorizedException.class;
            case 400 -> missingItem ? NotFoundException.class : RefusedException.class;
            case 422 -> RefusedException.class;
            default -> BitwardenException.class;
        };
    }

    private static void assertRefusalIsMeaningful(Exchange exchange, Throwable failure) {
        assertThat(failure).hasNoCause();
        assertThat(failure.getMessage()).doesNotContain("@");
        switch (failure) {
            case LoginRefusedException login -> assertThat(login.reason()).isNotEqualTo(Reason.OTHER);
            case RefusedException refused -> {
                assertThat(refused.status()).isEqualTo(exchange.status());
                assertThat(refused.serverMessage()).isNotBlank();
            }
            default -> {}
        }
    }

    private static void assertSameRequest(Exchange exchange, Seen request) {
        assertThat(request.header("Bitwarden-Client-Version")).isEqualTo("2026.8.0");
        assertThat(request.header("Bitwarden-Client-Name")).isEqualTo("cli");
        assertThat(request.header("Device-Type")).isEqualTo("25");
        assertThat(request.header("Accept")).isEqualTo("application/json");
        boolean download = exchange.path().startsWith("/attachments/");
        boolean config = exchange.path().equals("/api/config"); // Answered to everybody, so nothing is shown for it.
        if (exchange.status() != 401 && !config) {
            assertThat(request.header("Authorization") != null)
                    .as("shows an access token")
                    .isEqualTo(exchange.requestHeaders().containsKey("authorization") && !download);
        }
        if (exchange.requestBody().length == 0) {
            assertThat(request.body()).isEmpty();
        } else if (exchange.path().equals("/identity/connect/token")) {
            assertSameForm(exchange.requestForm(), Exchange.form(request.text()));
        } else if (String.valueOf(exchange.requestHeaders().get("content-type")).startsWith("multipart/")) {
            assertThat(request.header("Content-Length")).isEqualTo(String.valueOf(request.body().length));
            assertThat(fileOf(request.body())).isEqualTo(fileOf(exchange.requestBody()));
        } else {
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertContains("", Exchange.tree(request.body()), expected(exchange));
        }
    }

    private static void assertSameForm(Map<String, String> recorded, Map<String, String> sent) {
        Map<String, String> expected = new TreeMap<>(recorded);
        expected.keySet().removeAll(Set.of("deviceIdentifier", "deviceName", "password"));
        assertThat(sent).containsAllEntriesOf(expected);
        assertThat(sent.keySet()).containsAll(recorded.keySet());
    }

    /** The recorded body without what this client does on purpose in another way. */
    private static Map<String, Object> expected(Exchange exchange) {
        Map<String, Object> body = new LinkedHashMap<>(exchange.requestJson().tree());
        if (exchange.path().equals("/api/organizations")) {
            body.remove("planType");
        }
        if (exchange.path().startsWith("/api/ciphers/import-organization")) {
            body.remove("collections");
            body.remove("folders");
            body.remove("folderRelationships");
            body.remove("collectionRelationships");
        }
        // Optional, and refused when it is stale.
        body.remove("lastKnownRevisionDate");
        if (!EncString.looksLikeEncString(String.valueOf(body.get("key")))) {
            body.remove("fileName");
            body.remove("key");
        }
        return body;
    }

    /** That everything recorded was sent too; more may have been. */
    private static void assertContains(String where, Object sent, Object recorded) {
        if (recorded instanceof Map<?, ?> map) {
            map.forEach((member, value) -> {
                assertThat(sent).as(where).isInstanceOf(Map.class);
                assertContains(where + "/" + member, ((Map<?, ?>) sent).get(member), value);
            });
        } else if (recorded instanceof List<?> list) {
            assertThat(sent).as(where).isInstanceOf(List.class);
            List<?> other = (List<?>) sent;
            assertThat(other).as(where).hasSameSizeAs(list);
            for (int i = 0; i < list.size(); i++) {
                assertContains(where + "/" + i, other.get(i), list.get(i));
            }
        } else {
            assertThat(sent).as(where).isEqualTo(recorded);
        }
    }

    private static <T extends Id> List<Access<T>> access(
            JsonObject json, String member, Function<String, T> constructor) {
        return json.objects(member).stream()
                .map(one -> new Access<>(
                        constructor.apply(one.text("id")),
                        one.flag("readOnly"),
                        one.flag("hidePasswords"),
                        one.flag("manage")))
                .toList();
    }

    private static GroupRequest group(JsonObject body) {
        return new GroupRequest(
                body.text("name"),
                body.filledText("externalId"),
                body.flag("accessAll"),
                access(body, "collections", CollectionId::new),
                body.texts("users").stream().map(MemberId::new).toList());
    }

    /** The file in a form that holds nothing else. */
    private static byte[] fileOf(byte[] form) {
        String text = new String(form, StandardCharsets.ISO_8859_1);
        String boundary = text.substring(0, text.indexOf("\r\n"));
        int start = text.indexOf("\r\n\r\n") + 4;
        int end = text.lastIndexOf("\r\n" + boundary + "--");
        assertThat(text.substring(0, start)).containsPattern("name=\"data\"; filename=\"[^\"]+\"");
        return Arrays.copyOfRange(form, start, end);
    }
}
