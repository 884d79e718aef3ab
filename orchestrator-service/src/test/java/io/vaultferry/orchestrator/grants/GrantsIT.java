package io.vaultferry.orchestrator.grants;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.NewOrganization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.RevealKeyBytes;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.GrantSeal;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.orchestrator.CapturedLog;
import io.vaultferry.orchestrator.CustodyProfile;
import io.vaultferry.orchestrator.Recorded;
import io.vaultferry.orchestrator.TestAuthority;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.orchestrator.WrittenMigrations;
import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.migration.MigrationAccess;
import io.vaultferry.orchestrator.migration.MigrationAccess.Party;
import io.vaultferry.orchestrator.migration.MigrationAccess.Phase;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(CustodyProfile.class)
class GrantsIT {

    private static final String TOKEN_ENDPOINT = "POST /identity/connect/token";
    private static final Map<Participant, String> TOKENS = Map.of(
            Participant.EXPORT, TestKeys.EXPORT_TOKEN,
            Participant.IMPORT, TestKeys.IMPORT_TOKEN,
            Participant.IDENTITY, TestKeys.IDENTITY_TOKEN,
            Participant.ATTACHMENT, TestKeys.ATTACHMENT_TOKEN);

    @ConfigProperty(name = TestAuthority.DIRECTORY)
    String tlsDirectory;

    @ConfigProperty(name = "vaultferry.outbound.ca-file")
    Path caFile;

    @Inject
    WrittenMigrations migrations;

    @Inject
    MigrationKeys keys;

    private final MigrationId migration = MigrationId.make();
    private Sandbox server;

    @BeforeEach
    void makeKey() {
        keys.make(migration);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Nested
    class WhileTheMigrationIsActive {

        @BeforeEach
        void start() {
            startServer(UnaryOperator.identity());
            ConnectionId connection = connectByPassword();
            write(
                    Phase.ACTIVE,
                    new Party(connection, Optional.of(Recorded.ORGANIZATION_ID), Optional.empty()),
                    new Party(
                            connection,
                            Optional.empty(),
                            Optional.of(new MigrationAccess.NewOrganization(
                                    "Söhne & Töchter", Optional.of("billing@example.test")))));
        }

        @Test
        void exportMayActOnTheSource() {
            // When
            Grant grant = granted(Participant.EXPORT, Side.SOURCE);

            // Then
            assertThat(grant.serverUrl()).isEqualTo(server.baseUrl().toString());
            assertThat(grant.organizationId()).isEqualTo(Recorded.ORGANIZATION_ID);
            assertThat(grant.organizationKey()).isEqualTo(Recorded.ORGANIZATION_KEY);
            assertThat(grant.userId()).isEqualTo(Recorded.OWNER_ID);
            assertThat(grant.email()).isEqualTo(Recorded.OWNER);
            assertThat(grant.expiresAt()).isAfter(Instant.now());
            assertThat(grant.newOrganizationName()).isNull();
            assertThat(accountOf(grant)).isEqualTo(Recorded.OWNER_ID);
        }

        @Test
        void stagingKeyIsTheMigrationsOwn() {
            // When
            Grant grant = granted(Participant.ATTACHMENT, Side.TARGET);

            // Then
            try (StagingKey key = keys.staging(migration)) {
                assertThat(Base64.getDecoder().decode(grant.stagingKey()))
                        .isEqualTo(key.reveal(InsecureSecretKeyAccess.get()));
            }
        }

        @Test
        void importHasTheSourcesKeyButNoTokenForIt() {
            // When
            Grant grant = granted(Participant.IMPORT, Side.SOURCE);

            // Then
            assertThat(grant.organizationKey()).isEqualTo(Recorded.ORGANIZATION_KEY);
            assertThat(grant.accessToken()).isNull();
            assertThat(grant.expiresAt()).isAfter(Instant.now());
        }

        @Test
        void onlyImportIsToldWhatToCreate() {
            // When
            Grant importing = granted(Participant.IMPORT, Side.TARGET);
            Grant identity = granted(Participant.IDENTITY, Side.TARGET);

            // Then
            assertThat(importing.newOrganizationName()).isEqualTo("Söhne & Töchter");
            assertThat(importing.newOrganizationBillingEmail()).isEqualTo("billing@example.test");
            assertThat(importing.newOrganizationOwnerKey()).isEqualTo(Recorded.OWNER_PUBLIC_KEY);
            assertThat(importing.accessToken()).isNotNull();
            assertThat(importing.organizationId()).isNull();
            assertThat(importing.organizationKey()).isNull();
            assertThat(identity.newOrganizationName()).isNull();
            assertThat(identity.newOrganizationBillingEmail()).isNull();
            assertThat(identity.newOrganizationOwnerKey()).isNull();
        }

        @Test
        void grantOpensForTheServiceThatAskedOnly() {
            // Given
            byte[] sealed = ask(Participant.EXPORT, Side.SOURCE, "{}").asByteArray();

            // When / Then
            assertThatThrownBy(() -> sealOf(Participant.IMPORT).open(sealed, migration, Side.SOURCE))
                    .isInstanceOf(StagedDataDamagedException.class);
            assertThatThrownBy(() -> sealOf(Participant.EXPORT).open(sealed, migration, Side.TARGET))
                    .isInstanceOf(StagedDataDamagedException.class);
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                    .doesNotContain(Recorded.ORGANIZATION_KEY, "accessToken");
        }

        @Test
        void nothingSecretIsLogged() {
            try (CapturedLog log = new CapturedLog()) {
                // When
                Grant grant = granted(Participant.EXPORT, Side.SOURCE);
                Grant renewed = granted(Participant.EXPORT, Side.SOURCE, sha256(grant.accessToken()));

                // Then
                assertThat(log.text())
                        .contains(migration.toString())
                        .doesNotContain(
                                grant.accessToken(),
                                renewed.accessToken(),
                                grant.stagingKey(),
                                Recorded.ORGANIZATION_KEY,
                                Recorded.OWNER);
            }
        }

        @Test
        void organizationThatWasMadeSinceIsFound() {
            // Given
            Grant grant = granted(Participant.IMPORT, Side.TARGET);
            try (SymmetricKey key = SymmetricKey.make()) {
                String organization =
                        inSession(grant, session -> create(session, key).value());
                Party source = migrations.parties(migration).orElseThrow().source();
                write(
                        Phase.ACTIVE,
                        source,
                        new Party(source.connection(), Optional.of(organization), Optional.empty()));

                // When
                Grant created = granted(Participant.IMPORT, Side.TARGET);

                // Then
                assertThat(created.organizationId()).isEqualTo(organization);
                assertThat(Base64.getDecoder().decode(created.organizationKey()))
                        .isEqualTo(key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial()));
            }
        }

        @Test
        void organizationThatTheAccountDoesNotSeeIsAProblem() {
            // Given
            Party source = migrations.parties(migration).orElseThrow().source();
            write(
                    Phase.ACTIVE,
                    new Party(
                            source.connection(), Optional.of("00000000-0000-0000-0000-000000000000"), Optional.empty()),
                    source);

            // When
            Response answer = ask(Participant.EXPORT, Side.SOURCE, "{}");

            // Then
            assertProblem(answer, 422, "ORGANIZATION_NOT_FOUND");
        }

        private OrganizationId create(BitwardenSession session, SymmetricKey key) {
            KeyPair pair = KeyPair.make();
            return session.createOrganization(new NewOrganization(
                    "Söhne & Töchter",
                    "billing@example.test",
                    session.publicKey(new UserId(Recorded.OWNER_ID)).wrap(key),
                    pair.publicKey(),
                    key.wrap(pair.privateKey()),
                    key.encryptText("Default collection")));
        }
    }

    @Nested
    class Refusing {

        @BeforeEach
        void start() {
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
        }

        @Test
        void unknownMigrationAndSide() {
            // When
            Response unknown = askAs(Participant.EXPORT)
                    .body("{}")
                    .post("/internal/v1/migrations/" + MigrationId.make() + "/grants/source");
            Response side = askAs(Participant.EXPORT)
                    .body("{}")
                    .post("/internal/v1/migrations/" + migration + "/grants/middle");

            // Then
            assertProblem(unknown, 404, "NOT_FOUND");
            assertProblem(side, 404, "NOT_FOUND");
        }

        @Test
        void migrationThatDidNotStartOrHasEnded() {
            // Given
            ConnectionId connection =
                    migrations.parties(migration).orElseThrow().source().connection();

            // When
            writeBothSides(Phase.NOT_STARTED, connection);
            Response notStarted = ask(Participant.EXPORT, Side.SOURCE, "{}");
            writeBothSides(Phase.ENDED, connection);
            Response ended = ask(Participant.EXPORT, Side.SOURCE, "{}");

            // Then
            assertProblem(notStarted, 403, "GRANT_REFUSED");
            assertProblem(ended, 403, "GRANT_REFUSED");
        }

        @Test
        void migrationWhoseKeysAreDestroyed() {
            // When
            keys.destroy(migration);

            // Then
            assertProblem(ask(Participant.EXPORT, Side.SOURCE, "{}"), 403, "GRANT_REFUSED");
        }

        @Test
        void connectionThatWasDeletedAllTheSame() {
            // Given
            writeBothSides(Phase.ACTIVE, ConnectionId.make());

            // When
            Response answer = ask(Participant.EXPORT, Side.SOURCE, "{}");

            // Then
            assertProblem(answer, 409, "CREDENTIALS_REJECTED");
        }
    }

    @Nested
    class RenewingTokens {

        @Test
        void tokenIsSharedUntilItIsAboutToEnd() {
            // Given
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
            long logins = logins();

            // When
            Set<String> tokens = concurrently(8, () -> granted(Participant.EXPORT, Side.SOURCE));

            // Then
            assertThat(tokens).hasSize(1);
            assertThat(logins()).isEqualTo(logins);
        }

        @Test
        void tokenIsRenewedBeforeItEndsByTheRefreshToken() {
            // Given
            startServer(config -> config.accessTokenLifetime(Duration.ofSeconds(6)));
            writeBothSides(Phase.ACTIVE, connectByPassword());
            String first = granted(Participant.EXPORT, Side.SOURCE).accessToken();

            // When / Then
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                Grant grant = granted(Participant.EXPORT, Side.SOURCE);
                assertThat(grant.accessToken()).isNotEqualTo(first);
                assertThat(grant.expiresAt()).isAfter(Instant.now());
                assertThat(accountOf(grant)).isEqualTo(Recorded.OWNER_ID);
            });
        }

        @Test
        void tokenIsRenewedBeforeItEndsByTheApiKey() {
            // Given
            startServer(config -> config.accessTokenLifetime(Duration.ofSeconds(6)));
            writeBothSides(Phase.ACTIVE, connectByApiKey());
            String first = granted(Participant.EXPORT, Side.SOURCE).accessToken();

            // When / Then
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    granted(Participant.EXPORT, Side.SOURCE).accessToken())
                            .isNotEqualTo(first));
        }

        @Test
        void rejectedTokenIsRenewedOnceForAllWhoSaySo() {
            // Given
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
            String rejected = granted(Participant.EXPORT, Side.SOURCE).accessToken();
            waitForTheNextSecond();
            long logins = logins();

            // When
            Set<String> tokens = concurrently(8, () -> granted(Participant.EXPORT, Side.SOURCE, sha256(rejected)));

            // Then
            assertThat(tokens).hasSize(1).doesNotContain(rejected);
            assertThat(logins()).isEqualTo(logins + 1);
        }

        @Test
        void tokenThatNobodyKnowsLeadsToNoRenewal() {
            // Given
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
            long logins = logins();

            // When
            Grant grant = granted(Participant.EXPORT, Side.SOURCE, sha256("another"));

            // Then
            assertThat(grant.accessToken()).isNotNull();
            assertThat(logins()).isEqualTo(logins);
        }

        @Test
        void endedSessionIsAProblemAndTheServerIsLeftAloneForAMinute() {
            // Given
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
            String token = granted(Participant.EXPORT, Side.SOURCE).accessToken();
            server.endSessions(Recorded.OWNER);

            // When
            Response first = ask(Participant.EXPORT, Side.SOURCE, rejected(sha256(token)));
            long logins = logins();
            Response second = ask(Participant.EXPORT, Side.SOURCE, rejected(sha256(token)));

            // Then
            assertProblem(first, 409, "CREDENTIALS_REJECTED");
            assertProblem(second, 409, "CREDENTIALS_REJECTED");
            assertThat(Integer.parseInt(second.header("Retry-After"))).isBetween(1, 60);
            assertThat(logins()).isEqualTo(logins);
        }

        @Test
        void rateLimitAndOutageArePassedOn() {
            // Given
            startServer(UnaryOperator.identity());
            writeBothSides(Phase.ACTIVE, connectByPassword());
            String token = granted(Participant.EXPORT, Side.SOURCE).accessToken();
            server.addFault(Fault.once(TOKEN_ENDPOINT, new Fault.Refuse(503, Duration.ZERO)));
            server.addFault(new Fault(TOKEN_ENDPOINT, 2, 1, new Fault.Refuse(429, Duration.ofSeconds(7))));

            // When
            Response outage = ask(Participant.EXPORT, Side.SOURCE, rejected(sha256(token)));
            Response limited = ask(Participant.EXPORT, Side.SOURCE, rejected(sha256(token)));

            // Then
            assertProblem(outage, 422, "SERVER_UNREACHABLE");
            assertProblem(limited, 429, "RATE_LIMITED");
            assertThat(limited.header("Retry-After")).isEqualTo("7");
        }

        /** Tokens hold whole seconds: two of the same second may be the same. */
        private void waitForTheNextSecond() {
            long second = Instant.now().getEpochSecond();
            await().until(() -> Instant.now().getEpochSecond() > second);
        }

        /** Not on the common pool: it has one thread on two cores, and the client of the server needs it. */
        private Set<String> concurrently(int count, Supplier<Grant> asking) {
            try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
                List<CompletableFuture<String>> futures = IntStream.range(0, count)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(() -> asking.get().accessToken(), executor))
                        .toList();
                return futures.stream().map(CompletableFuture::join).collect(Collectors.toSet());
            }
        }
    }

    private void startServer(UnaryOperator<SandboxConfig.Builder> changes) {
        server = Recorded.server(tlsDirectory, changes);
    }

    private ConnectionId connectByPassword() {
        return connect(Recorded.byPassword(server.baseUrl(), Recorded.OWNER, Recorded.PASSWORD));
    }

    private ConnectionId connectByApiKey() {
        return connect(
                Recorded.byApiKey(server.baseUrl(), Recorded.OWNER_ID, Recorded.OWNER_API_KEY, Recorded.PASSWORD));
    }

    private static ConnectionId connect(Map<String, Object> body) {
        Response answer = given().header("Authorization", "Bearer " + TestKeys.ADMIN_KEY)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/connections");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return ConnectionId.of(answer.jsonPath().getString("id"));
    }

    private void write(Phase phase, Party source, Party target) {
        migrations.write(migration, new MigrationAccess.Parties(phase, source, target));
    }

    private void writeBothSides(Phase phase, ConnectionId connection) {
        Party party = new Party(connection, Optional.of(Recorded.ORGANIZATION_ID), Optional.empty());
        write(phase, party, party);
    }

    private Grant granted(Participant participant, Side side) {
        return opened(participant, side, "{}");
    }

    private Grant granted(Participant participant, Side side, String rejectedSha256) {
        return opened(participant, side, rejected(rejectedSha256));
    }

    private Grant opened(Participant participant, Side side, String body) {
        Response answer = ask(participant, side, body);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/octet-stream");
        return sealOf(participant).open(answer.asByteArray(), migration, side);
    }

    private Response ask(Participant participant, Side side, String body) {
        return askAs(participant)
                .body(body)
                .post("/internal/v1/migrations/" + migration + "/grants/"
                        + side.name().toLowerCase(Locale.ROOT));
    }

    private static RequestSpecification askAs(Participant participant) {
        return given().header(
                        "Authorization",
                        "Bearer " + InternalToken.of(TOKENS.get(participant)).bearer())
                .header("X-Vaultferry-Service", participant.serviceName())
                .contentType(ContentType.JSON);
    }

    private static GrantSeal sealOf(Participant participant) {
        return new GrantSeal(InternalToken.of(TOKENS.get(participant)), participant);
    }

    private static String rejected(String sha256) {
        return "{\"rejectedTokenSha256\": \"" + sha256 + "\"}";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String accountOf(Grant grant) {
        return inSession(grant, session -> session.profile().id().value());
    }

    private <T> T inSession(Grant grant, Function<BitwardenSession, T> work) {
        ClientSettings settings =
                ClientSettings.defaults().withInsecureServers(true).withCaFile(Optional.of(caFile));
        try (BitwardenServer client = BitwardenServer.at(ServerAddress.of(grant.serverUrl()), settings)) {
            return work.apply(
                    client.session(AccessTokens.fixed(AccessToken.of(grant.accessToken(), grant.expiresAt()))));
        }
    }

    private long logins() {
        return server.journal(0).stream()
                .filter(entry -> entry.endpoint().equals(TOKEN_ENDPOINT))
                .count();
    }

    private static void assertProblem(Response answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(answer.jsonPath().getString("code")).isEqualTo(code);
    }
}
