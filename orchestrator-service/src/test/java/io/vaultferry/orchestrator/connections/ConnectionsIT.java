package io.vaultferry.orchestrator.connections;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.orchestrator.CapturedLog;
import io.vaultferry.orchestrator.CustodyProfile;
import io.vaultferry.orchestrator.DatabaseDump;
import io.vaultferry.orchestrator.Recorded;
import io.vaultferry.orchestrator.TestAuthority;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.orchestrator.WrittenMigrations;
import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.migration.MigrationAccess;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(CustodyProfile.class)
class ConnectionsIT {

    private static final String TOKEN_ENDPOINT = "POST /identity/connect/token";
    private static final String WRONG_PASSWORD = "canary wrong password 7c1d";

    @ConfigProperty(name = TestAuthority.DIRECTORY)
    String tlsDirectory;

    @ConfigProperty(name = "vaultferry.custody.directory")
    Path custody;

    @Inject
    DataSource dataSource;

    @Inject
    WrittenMigrations migrations;

    @Inject
    Connections connections;

    private Sandbox server;

    @BeforeEach
    void start() {
        server = Recorded.server(tlsDirectory, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Nested
    class LoggingIn {

        @Test
        void byPasswordConnectsAndShowsTheOrganizations() {
            // When
            Response answer = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
            String id = answer.jsonPath().getString("id");
            assertThat(answer.header("Location")).endsWith("/api/v1/connections/" + id);
            assertThat(answer.jsonPath().getString("name")).isEqualTo("Old server");
            assertThat(answer.jsonPath().getString("state")).isEqualTo("READY");
            assertThat(answer.jsonPath().getString("server.kind")).isEqualTo("VAULTWARDEN");
            assertThat(answer.jsonPath().getString("server.version")).isNotBlank();
            assertThat(answer.jsonPath().getString("account.email")).isEqualTo(Recorded.OWNER);
            assertThat(answer.jsonPath().getString("organizations[0].id")).isEqualTo(Recorded.ORGANIZATION_ID);
            assertThat(answer.jsonPath().getString("organizations[0].name")).isEqualTo(Recorded.ORGANIZATION_NAME);
            assertThat(answer.jsonPath().getString("organizations[0].role")).isEqualTo("OWNER");
            assertThat(answer.jsonPath().getString("organizations[0].status")).isEqualTo("CONFIRMED");
            assertThat(operator().get("/api/v1/connections/" + id).asString()).isEqualTo(answer.asString());
        }

        @Test
        void byApiKeyConnectsAnAccountWithArgon2() {
            // When
            Response answer = post(
                    Recorded.byApiKey(server.baseUrl(), Recorded.ADMIN_ID, Recorded.ADMIN_API_KEY, Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
            assertThat(answer.jsonPath().getString("organizations[0].role")).isEqualTo("ADMIN");
        }

        @Test
        void asksForTheSecondFactorAndTakesIt() {
            // Given
            Response asked = post(Recorded.byPassword(server.baseUrl(), Recorded.TOTP, Recorded.PASSWORD));
            Response wrong = post(Recorded.byPassword(server.baseUrl(), Recorded.TOTP, Recorded.PASSWORD, "000000"));

            // When
            Response answer =
                    post(Recorded.byPassword(server.baseUrl(), Recorded.TOTP, Recorded.PASSWORD, Recorded.code()));

            // Then
            assertProblem(asked, 422, "SECOND_FACTOR_REQUIRED", "credentials.totp");
            assertProblem(wrong, 422, "WRONG_CREDENTIALS", "credentials.totp");
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        }

        @Test
        void byApiKeyNeedsNoSecondFactor() {
            // When
            Response answer = post(Recorded.byApiKey(
                    server.baseUrl(),
                    "1b2af70b-3cb5-40d6-9f11-faf0957f8b78",
                    "XHYl9w4XzPSFGEg4C90ZVUxTuE9Y1T",
                    Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        }

        @Test
        void plainMemberMayConnectAndIsShownAsOne() {
            // When
            Response answer = post(Recorded.byPassword(server.baseUrl(), Recorded.ALICE, Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
            assertThat(answer.jsonPath().getString("organizations[0].role")).isEqualTo("USER");
        }
    }

    @Nested
    class Refusing {

        private String before;

        @BeforeEach
        void remember() throws Exception {
            before = whatIsKept();
        }

        @AfterEach
        void nothingIsHalfCreated() throws Exception {
            assertThat(whatIsKept()).isEqualTo(before);
        }

        @Test
        void wrongPasswordAndUnknownAccountNameTheMasterPassword() {
            // When
            Response wrong = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, WRONG_PASSWORD));
            Response unknown = post(Recorded.byPassword(server.baseUrl(), "nobody@acme.example.test", WRONG_PASSWORD));

            // Then
            assertProblem(wrong, 422, "WRONG_CREDENTIALS", "credentials.masterPassword");
            assertProblem(unknown, 422, "WRONG_CREDENTIALS", "credentials.masterPassword");
        }

        @Test
        void wrongMasterPasswordBesideARightApiKeyIsFound() {
            // When
            Response answer = post(
                    Recorded.byApiKey(server.baseUrl(), Recorded.OWNER_ID, Recorded.OWNER_API_KEY, WRONG_PASSWORD));

            // Then
            assertProblem(answer, 422, "WRONG_CREDENTIALS", "credentials.masterPassword");
            assertThat(answer.jsonPath().getString("detail")).startsWith("The API key is right");
        }

        @Test
        void wrongApiKeyIsNamed() {
            // When
            Response secret =
                    post(Recorded.byApiKey(server.baseUrl(), Recorded.OWNER_ID, "canary-secret", Recorded.PASSWORD));
            Response organization = post(Map.of(
                    "name",
                    "n",
                    "serverUrl",
                    server.baseUrl().toString(),
                    "credentials",
                    Map.of(
                            "type",
                            "apiKey",
                            "clientId",
                            "organization." + Recorded.ORGANIZATION_ID,
                            "clientSecret",
                            "canary-secret",
                            "masterPassword",
                            Recorded.PASSWORD)));

            // Then
            assertProblem(secret, 422, "WRONG_CREDENTIALS", "credentials.clientSecret");
            assertProblem(organization, 422, "INVALID_FIELD", "credentials.clientId");
        }

        @ParameterizedTest
        @ValueSource(strings = {"vault.example.com", "ftp://vault.example.com", "https://", "https://u:p@h/", "   "})
        void whatIsNoAddressIsNamed(String url) {
            // When
            Response answer = post(Recorded.byPassword(url, Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertProblem(answer, 422, "INVALID_FIELD", "serverUrl");
        }

        @Test
        void unknownHostAndClosedPortNameTheAddress() throws IOException {
            // Given
            int closedPort;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                closedPort = socket.getLocalPort();
            }

            // When
            Response unknown =
                    post(Recorded.byPassword("https://no-such-host.invalid", Recorded.OWNER, Recorded.PASSWORD));
            Response closed =
                    post(Recorded.byPassword("https://127.0.0.1:" + closedPort, Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertProblem(unknown, 422, "SERVER_UNREACHABLE", "serverUrl");
            assertProblem(closed, 422, "SERVER_UNREACHABLE", "serverUrl");
        }

        @Test
        void serverUnderAnotherAuthorityIsRefused() {
            // Given
            try (Sandbox stranger =
                    Sandbox.start(SandboxConfig.builder().seed(Seed.recorded()).build())) {

                // When
                Response answer = post(Recorded.byPassword(stranger.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));

                // Then
                assertProblem(answer, 422, "SERVER_UNREACHABLE", "serverUrl");
                assertThat(stranger.journal(0)).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 302, 401, 403, 404, 500})
        void whatIsNoBitwardenServerIsRefusedBeforeAnyCredentialIsSent(int status) throws IOException {
            // Given
            HttpServer website = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            StringBuilder seen = new StringBuilder();
            website.createContext("/", exchange -> {
                seen.append(exchange.getRequestMethod()).append(exchange.getRequestURI());
                byte[] page = "<html>A website</html>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/html");
                exchange.getResponseHeaders().add("Location", "http://127.0.0.1:9/");
                exchange.sendResponseHeaders(status, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            website.start();

            try {
                // When
                Response answer = post(Recorded.byPassword(
                        "http://127.0.0.1:" + website.getAddress().getPort(), Recorded.OWNER, Recorded.PASSWORD));

                // Then
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(422);
                assertThat(answer.jsonPath().getString("errors[0].field")).isEqualTo("serverUrl");
                assertThat(seen.toString()).doesNotContain("POST", Recorded.OWNER);
            } finally {
                website.stop(0);
            }
        }

        @Test
        void weakKeyDerivationIsRefusedAndNothingDerivedIsSent() throws IOException {
            // Given
            StringBuilder seen = new StringBuilder();
            HttpServer hostile = bitwardenLike(seen, "{\"kdf\":0,\"kdfIterations\":1000}");

            try {
                // When
                Response answer = post(Recorded.byPassword(
                        "http://127.0.0.1:" + hostile.getAddress().getPort(), Recorded.OWNER, Recorded.PASSWORD));

                // Then
                assertProblem(answer, 422, "UNSUPPORTED_ENCRYPTION", "credentials");
                assertThat(seen.toString())
                        .contains("/identity/accounts/prelogin")
                        .doesNotContain("/connect/token");
            } finally {
                hostile.stop(0);
            }
        }

        @Test
        void accountWithTheSecondVersionOfEncryptionIsRefused(@TempDir Path directory) throws IOException {
            // Given
            JsonMapper mapper = JsonMapper.builder().build();
            JsonNode stored;
            try (InputStream recorded = Sandbox.class.getResourceAsStream("recorded/stored.json")) {
                stored = mapper.readTree(recorded);
            }
            for (JsonNode account : stored.get("accounts")) {
                ((ObjectNode) account).put("privateKey", "7." + "A".repeat(400));
            }
            // Items have files, which are not of interest here.
            ((ObjectNode) stored).putArray("ciphers");
            Path file = directory.resolve("stored.json");
            mapper.writeValue(file.toFile(), stored);
            try (Sandbox second = Recorded.server(tlsDirectory, config -> config.seed(Seed.of(file, directory)))) {

                // When
                Response answer = post(Recorded.byPassword(second.baseUrl(), Recorded.ALICE, Recorded.PASSWORD));

                // Then
                assertProblem(answer, 422, "UNSUPPORTED_ENCRYPTION", "credentials");
            }
        }

        @Test
        void rateLimitIsPassedOnAndHonoredWithoutAskingAgain() {
            // Given
            server.addFault(Fault.once(TOKEN_ENDPOINT, new Fault.Refuse(429, Duration.ofSeconds(30))));
            Response limited = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));
            long logins = logins();

            // When
            Response again = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertThat(limited.statusCode()).as(limited.asString()).isEqualTo(429);
            assertThat(limited.header("Retry-After")).isEqualTo("30");
            assertThat(again.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(again.header("Retry-After"))).isBetween(1, 30);
            assertThat(logins()).isEqualTo(logins);
        }

        @Test
        void brokenServerIsNamed() {
            // Given
            server.addFault(Fault.once(TOKEN_ENDPOINT, new Fault.Refuse(500, Duration.ZERO)));

            // When
            Response answer = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertProblem(answer, 422, "SERVER_UNREACHABLE", "serverUrl");
        }

        @Test
        void everyMissingFieldIsNamed() {
            // When
            Response nothing = post(Map.of());
            Response noType = post(Map.of("name", "n", "serverUrl", "https://h", "credentials", Map.of()));
            Response password =
                    post(Map.of("name", "n", "serverUrl", "https://h", "credentials", Map.of("type", "password")));
            Response apiKey =
                    post(Map.of("name", "n", "serverUrl", "https://h", "credentials", Map.of("type", "apiKey")));

            // Then
            assertThat(fields(nothing)).isEqualTo(List.of("credentials", "name", "serverUrl"));
            assertThat(fields(noType)).isEqualTo(List.of("credentials.type"));
            assertThat(fields(password)).isEqualTo(List.of("credentials.email", "credentials.masterPassword"));
            assertThat(fields(apiKey))
                    .isEqualTo(
                            List.of("credentials.clientId", "credentials.clientSecret", "credentials.masterPassword"));
        }

        @Test
        void fieldsOfTheOtherTypeAreRefused() {
            // When
            Response answer = post(Map.of(
                    "name",
                    "n",
                    "serverUrl",
                    "https://h",
                    "credentials",
                    Map.of(
                            "type",
                            "password",
                            "email",
                            "e@example.com",
                            "masterPassword",
                            "canary",
                            "clientSecret",
                            "canary")));

            // Then
            assertProblem(answer, 422, "INVALID_FIELD", "credentials.clientSecret");
        }

        @Test
        void unknownTypeIsNamedWithTheKnownOnes() {
            // When
            Response answer = post(
                    Map.of("name", "n", "serverUrl", "https://h", "credentials", Map.of("type", "canary-passkey")));

            // Then
            assertProblem(answer, 400, "WRONG_TYPE", "credentials.type");
            assertThat(answer.jsonPath().getString("detail"))
                    .contains("password, apiKey")
                    .doesNotContain("canary");
        }

        private HttpServer bitwardenLike(StringBuilder seen, String prelogin) throws IOException {
            HttpServer fake = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            fake.createContext("/", exchange -> {
                String path = exchange.getRequestURI().getPath();
                seen.append(path).append('\n');
                String body = path.contains("prelogin")
                        ? prelogin
                        : "{\"object\":\"config\",\"version\":\"2026.8.0\",\"server\":null,\"environment\":{}}";
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            fake.start();
            return fake;
        }
    }

    @Nested
    class Keeping {

        @Test
        void listShowsWhatWasMadeOldestFirst() {
            // Given
            String first = connect();
            String second = connect();

            // When
            List<String> ids = operator().get("/api/v1/connections").jsonPath().getList("id");

            // Then
            assertThat(ids).containsSubsequence(first, second);
        }

        @Test
        void noSecretIsInAnyAnswerLogOrTable() throws Exception {
            try (CapturedLog log = new CapturedLog()) {
                // Given
                Response password = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));
                Response apiKey = post(Recorded.byApiKey(
                        server.baseUrl(), Recorded.OWNER_ID, Recorded.OWNER_API_KEY, Recorded.PASSWORD));
                Response wrong = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, WRONG_PASSWORD));

                // When
                String answers = password.asString()
                        + apiKey.asString()
                        + wrong.asString()
                        + operator().get("/api/v1/connections").asString();
                String tables = DatabaseDump.of(dataSource);

                // Then
                assertThat(log.text()).contains("io.vaultferry");
                assertThat(tables).contains(apiKey.jsonPath().getString("id"));
                for (String secret : List.of(
                        Recorded.PASSWORD,
                        Recorded.OWNER_PASSWORD_HASH,
                        Recorded.OWNER_API_KEY,
                        Recorded.ORGANIZATION_KEY,
                        WRONG_PASSWORD)) {
                    assertAbsent(secret, answers);
                    assertAbsent(secret, log.text());
                    assertAbsent(secret, tables);
                }
                for (String personal : List.of(Recorded.OWNER, Recorded.ORGANIZATION_NAME, "Old server")) {
                    assertAbsent(personal, log.text());
                    assertAbsent(personal, tables);
                }
            }
        }

        @Test
        void alteredRecordIsRefusedAndCanOnlyBeDeleted() throws Exception {
            // Given
            String id = connect();
            update("UPDATE connection SET sealed = set_byte(sealed, 100, get_byte(sealed, 100) # 1) WHERE id = ?", id);

            // When
            Response shown = operator().get("/api/v1/connections/" + id);
            Response list = operator().get("/api/v1/connections");
            Response deleted = operator().delete("/api/v1/connections/" + id);

            // Then
            assertProblem(shown, 409, "CONNECTION_DAMAGED", null);
            assertThat(list.jsonPath().getString("find { it.id == '" + id + "' }.state"))
                    .isEqualTo("DAMAGED");
            assertThat(deleted.statusCode()).isEqualTo(204);
        }

        @Test
        void recordOfAnotherConnectionIsRefused() throws Exception {
            // Given
            String id = connect();
            String other = connect();

            // When
            update(
                    "UPDATE connection SET sealed = (SELECT sealed FROM connection WHERE id = '"
                            + UUID.fromString(other) + "') WHERE id = ?",
                    id);

            // Then
            assertProblem(operator().get("/api/v1/connections/" + id), 409, "CONNECTION_DAMAGED", null);
        }
    }

    @Nested
    class Answering {

        @Test
        void whatAnAccountSeesIsAskedAfresh() {
            // Given
            ConnectionId id = ConnectionId.of(connect());
            long asked = profiles();

            // When
            Connections.Account account = connections.account(id, "source.connection");

            // Then
            assertThat(profiles()).isEqualTo(asked + 1);
            assertThat(account.serverUrl()).isEqualTo(server.baseUrl().toString());
            assertThat(account.server().kind()).isEqualTo("VAULTWARDEN");
            Connections.Organization organization =
                    Connections.requireOrganization(account, Recorded.ORGANIZATION_ID, "source.organization");
            assertThat(organization.name()).isEqualTo(Recorded.ORGANIZATION_NAME);
        }

        @Test
        void plainMemberMayNotMigrate() {
            // Given
            Response made = post(Recorded.byPassword(server.baseUrl(), Recorded.ALICE, Recorded.PASSWORD));
            ConnectionId id = ConnectionId.of(made.jsonPath().getString("id"));

            // When
            Connections.Account account = connections.account(id, "source.connection");

            // Then
            assertThatThrownBy(() ->
                            Connections.requireOrganization(account, Recorded.ORGANIZATION_ID, "source.organization"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.RIGHTS_MISSING));
        }

        @Test
        void unknownConnectionNamesTheField() {
            assertThatThrownBy(() -> connections.account(ConnectionId.make(), "target.connection"))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
                        assertThat(problem.problem().errors().getFirst().field())
                                .isEqualTo("target.connection");
                    });
        }

        @Test
        void connectionThatIsHeldIsNotDeletedMeanwhile() {
            // Given
            ConnectionId id = ConnectionId.of(connect());
            AtomicBoolean deleted = new AtomicBoolean();
            CompletableFuture<Integer> deleting = QuarkusTransaction.requiringNew()
                    .call(() -> {
                        connections.hold(id, "source.connection");
                        CompletableFuture<Integer> answer = new CompletableFuture<>();
                        Thread.ofPlatform().start(() -> {
                            answer.complete(operator()
                                    .delete("/api/v1/connections/" + id)
                                    .statusCode());
                            deleted.set(true);
                        });

                        // When
                        await().untilAsserted(
                                        () -> assertThat(waitingForLocks()).isPositive());

                        // Then
                        assertThat(deleted).isFalse();
                        return answer;
                    });
            assertThat(deleting.join()).isEqualTo(204);
            assertThatThrownBy(() ->
                            QuarkusTransaction.requiringNew().run(() -> connections.hold(id, "source.connection")))
                    .isInstanceOf(ProblemException.class);
        }

        private long profiles() {
            return server.journal(0).stream()
                    .filter(entry -> entry.endpoint().equals("GET /api/accounts/profile"))
                    .count();
        }

        private int waitingForLocks() throws SQLException {
            return QuarkusTransaction.requiringNew().call(() -> {
                try (Connection connection = dataSource.getConnection();
                        PreparedStatement statement = connection.prepareStatement(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                        + " AND datname = current_database()");
                        ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getInt(1);
                }
            });
        }
    }

    @Nested
    class Renewing {

        @Test
        void newCredentialsLetAConnectionGoOnThatTheServerHadRejected() {
            // Given
            String id = connect();
            server.endSessions(Recorded.OWNER);
            assertRejected(id);

            // When
            Response answer = renew(id, credentials(Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            assertThat(answer.jsonPath().getString("id")).isEqualTo(id);
            assertThat(answer.asString()).doesNotContain(Recorded.PASSWORD);
            assertThat(connections
                            .account(ConnectionId.of(id), "source.connection")
                            .organizations())
                    .hasSize(1);
            try (SymmetricKey key = connections.organizationKey(ConnectionId.of(id), Recorded.ORGANIZATION_ID)) {
                assertThat(key).isNotNull();
            }
        }

        @Test
        void otherKindOfCredentialsOfTheSameAccountIsTaken() {
            // Given
            String id = connect();
            server.endSessions(Recorded.OWNER);

            // When
            Response answer = renew(
                    id,
                    Map.of(
                            "type",
                            "apiKey",
                            "clientId",
                            "user." + Recorded.OWNER_ID,
                            "clientSecret",
                            Recorded.OWNER_API_KEY,
                            "masterPassword",
                            Recorded.PASSWORD));

            // Then
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            assertThat(connections
                            .account(ConnectionId.of(id), "source.connection")
                            .userId())
                    .isEqualTo(Recorded.OWNER_ID);
        }

        @Test
        void wrongOnesAndThoseOfAnotherAccountChangeNothing() throws Exception {
            // Given
            String id = connect();
            String before = whatIsKept();

            // When
            Response wrong = renew(id, credentials(Recorded.OWNER, WRONG_PASSWORD));
            Response other = renew(id, credentials(Recorded.ALICE, Recorded.PASSWORD));
            Response unknown = renew(ConnectionId.make().toString(), credentials(Recorded.OWNER, Recorded.PASSWORD));

            // Then
            assertProblem(wrong, 422, "WRONG_CREDENTIALS", "credentials.masterPassword");
            assertProblem(other, 422, "INVALID_FIELD", "credentials");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(whatIsKept()).isEqualTo(before);
            assertThat(connections
                            .account(ConnectionId.of(id), "source.connection")
                            .userId())
                    .isEqualTo(Recorded.OWNER_ID);
        }

        private void assertRejected(String id) {
            assertThatThrownBy(() -> connections.accessToken(
                            ConnectionId.of(id),
                            Optional.of(AccountSessions.sha256Of(
                                    connections.accessToken(ConnectionId.of(id), Optional.empty())))))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.CREDENTIALS_REJECTED));
        }

        private Map<String, Object> credentials(String email, String password) {
            return Map.of("type", "password", "email", email, "masterPassword", password);
        }

        private Response renew(String id, Map<String, Object> credentials) {
            return operator()
                    .contentType(ContentType.JSON)
                    .body(Map.of("credentials", credentials))
                    .put("/api/v1/connections/" + id + "/credentials");
        }
    }

    @Nested
    class Forgetting {

        @Test
        void destroysTheKeyAndTheRecord() throws Exception {
            // Given
            String id = connect();
            assertThat(keyFile(id)).exists();

            // When
            Response answer = operator().delete("/api/v1/connections/" + id);

            // Then
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(keyFile(id)).doesNotExist();
            assertThat(DatabaseDump.of(dataSource)).doesNotContain(id);
            assertProblem(operator().get("/api/v1/connections/" + id), 404, "NOT_FOUND", null);
            assertProblem(operator().delete("/api/v1/connections/" + id), 404, "NOT_FOUND", null);
        }

        @Test
        void isRefusedWhileAMigrationUsesTheConnection() {
            // Given
            String id = connect();
            MigrationId migration = MigrationId.make();
            write(migration, MigrationAccess.Phase.ACTIVE, id);

            // When
            Response inUse = operator().delete("/api/v1/connections/" + id);
            write(migration, MigrationAccess.Phase.ENDED, id);
            Response afterwards = operator().delete("/api/v1/connections/" + id);

            // Then
            assertProblem(inUse, 409, "CONNECTION_IN_USE", null);
            assertThat(afterwards.statusCode()).isEqualTo(204);
        }

        @Test
        void recordWithoutItsKeyCountsAsForgotten() throws Exception {
            // Given
            String id = connect();

            // When
            Files.delete(keyFile(id));

            // Then
            assertProblem(operator().get("/api/v1/connections/" + id), 404, "NOT_FOUND", null);
            assertThat(operator().get("/api/v1/connections").jsonPath().getList("id"))
                    .doesNotContain(id);
            assertThat(operator().delete("/api/v1/connections/" + id).statusCode())
                    .isEqualTo(204);
        }

        @ParameterizedTest
        @ValueSource(strings = {"no-id", "00000000-0000-0000-0000-000000000000"})
        void unknownOneIsNotFound(String id) {
            assertProblem(operator().get("/api/v1/connections/" + id), 404, "NOT_FOUND", null);
            assertProblem(operator().delete("/api/v1/connections/" + id), 404, "NOT_FOUND", null);
        }

        private void write(MigrationId migration, MigrationAccess.Phase phase, String connection) {
            MigrationAccess.Party party =
                    new MigrationAccess.Party(ConnectionId.of(connection), Optional.empty(), Optional.empty());
            migrations.write(migration, new MigrationAccess.Parties(phase, party, party));
        }
    }

    private String connect() {
        Response answer = post(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.jsonPath().getString("id");
    }

    private Path keyFile(String id) {
        return custody.resolve("connection-" + id + ".key");
    }

    private long logins() {
        return server.journal(0).stream()
                .filter(entry -> entry.endpoint().equals(TOKEN_ENDPOINT))
                .count();
    }

    private String whatIsKept() throws IOException, SQLException {
        try (var files = Files.list(custody)) {
            return files.sorted().toList() + DatabaseDump.of(dataSource);
        }
    }

    private void update(String sql, String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, UUID.fromString(id));
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    /** Not as it is, and not in another common clothing. */
    private static void assertAbsent(String secret, String text) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        assertThat(text)
                .doesNotContain(secret)
                .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        assertThat(text.toLowerCase(Locale.ROOT)).doesNotContain(HexFormat.of().formatHex(bytes));
    }

    private static List<String> fields(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(422);
        return answer.jsonPath().getList("errors.field");
    }

    private static void assertProblem(Response answer, int status, String code, String field) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(answer.jsonPath().getString("code")).isEqualTo(code);
        assertThat(answer.jsonPath().getString("errors[0].field")).isEqualTo(field);
        assertThat(answer.asString()).doesNotContain(Recorded.PASSWORD, "canary");
    }

    private static Response post(Map<String, Object> body) {
        return operator().contentType(ContentType.JSON).body(body).post("/api/v1/connections");
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", "Bearer " + TestKeys.ADMIN_KEY);
    }
}
