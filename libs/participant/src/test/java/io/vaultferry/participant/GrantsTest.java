package io.vaultferry.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.GrantSeal;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.messaging.StepFailureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantsTest {

    private static final InternalToken TOKEN = InternalToken.of("an internal token for tests only, long enough");

    private static final PublicKey OWNER_KEY = publicKey();

    private final MigrationId migration = MigrationId.make();
    private final AtomicLong nanoTime = new AtomicLong();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer orchestrator;
    private ExecutorService threads;
    private GrantClient client;
    private Grants grants;
    private boolean created = true;
    private int status = 200;
    private String problem = "{}";
    private InternalToken sealedWith = TOKEN;

    @BeforeEach
    void open() throws IOException {
        orchestrator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        orchestrator.createContext("/internal/v1/migrations/", this::answer);
        threads = Executors.newCachedThreadPool();
        orchestrator.setExecutor(threads);
        orchestrator.start();
        client = new GrantClient(
                URI.create("http://127.0.0.1:" + orchestrator.getAddress().getPort()), Participant.IMPORT, TOKEN);
        grants = new Grants(client, ClientSettings.defaults().withInsecureServers(true), nanoTime::get);
    }

    @AfterEach
    void close() {
        grants.destroyAll();
        orchestrator.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aSessionHoldsWhatTheGrantGives() {
        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            assertThat(session.organization().value()).isEqualTo("organization");
            assertThat(session.organizationKey().isDestroyed()).isFalse();
            assertThat(session.stagingKey().isDestroyed()).isFalse();
            assertThat(session.account().value()).isEqualTo("user");
            assertThat(session.accountEmail()).isEqualTo("owner@example.com");
            assertThat(session.toCreate()).isEmpty();
            assertThat(session.side()).isEqualTo(Side.TARGET);
        }
        assertThat(requests)
                .containsExactly("/internal/v1/migrations/" + migration + "/grants/TARGET import-service Bearer "
                        + TOKEN.bearer() + " {\"rejectedTokenSha256\":null}");
    }

    @Test
    void anOrganizationThatIsStillToBeCreatedIsAskedForAgainWhenItMayExist() {
        created = false;
        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            assertThat(session.toCreate()).contains(new OrganizationToCreate("Acme", "billing@example.com", OWNER_KEY));
            assertThatThrownBy(session::organization).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(session::organizationKey).isInstanceOf(IllegalStateException.class);
        }

        created = true;
        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            assertThat(session.organization().value()).isEqualTo("organization");
        }
    }

    @Test
    void sessionsOfOneSideShareAGrantAndSidesDoNot() {
        try (MigrationSession one = grants.open(migration, Side.TARGET);
                MigrationSession other = grants.open(migration, Side.TARGET);
                MigrationSession source = grants.open(migration, Side.SOURCE)) {
            assertThat(one.stagingKey()).isSameAs(other.stagingKey());
            assertThat(source.stagingKey()).isNotSameAs(one.stagingKey());
        }
        assertThat(requests).hasSize(2);
    }

    @Test
    void manyThreadsFetchOneGrant() throws Exception {
        List<Future<MigrationSession>> opening = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            opening.add(threads.submit(() -> grants.open(migration, Side.TARGET)));
        }
        for (Future<MigrationSession> session : opening) {
            session.get().close();
        }

        assertThat(requests).hasSize(1);
    }

    @Test
    void keysAreDestroyedWhenNobodyUsesThemForAWhile() {
        StagingKey staging;
        SymmetricKey organization;
        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            staging = session.stagingKey();
            organization = session.organizationKey();
            nanoTime.addAndGet(Grants.KEPT_UNUSED.toNanos() * 10);
            grants.sweep();
            assertThat(staging.isDestroyed()).as("in use").isFalse();
        }

        nanoTime.addAndGet(Grants.KEPT_UNUSED.toNanos() - 1);
        grants.sweep();
        assertThat(staging.isDestroyed()).as("used a moment ago").isFalse();
        nanoTime.addAndGet(1);
        grants.sweep();
        assertThat(staging.isDestroyed()).isTrue();
        assertThat(organization.isDestroyed()).isTrue();
    }

    @Test
    void keysAreDestroyedWhenTheServiceStops() {
        StagingKey staging;
        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            staging = session.stagingKey();
        }

        grants.destroyAll();

        assertThat(staging.isDestroyed()).isTrue();
    }

    @Test
    void aClosedSessionGivesNothing() {
        MigrationSession session = grants.open(migration, Side.TARGET);
        session.close();
        session.close();

        assertThatThrownBy(session::stagingKey).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRejectedTokenIsReplacedOnceForAllThreads() {
        HeldGrant held = HeldGrant.fetch(
                migration, Side.TARGET, client, ClientSettings.defaults().withInsecureServers(true));
        AccessToken rejected = held.current();

        AccessToken renewed = held.renew(rejected);

        assertThat(renewed.reveal()).isNotEqualTo(rejected.reveal());
        assertThat(held.renew(rejected)).isSameAs(renewed);
        assertThat(requests).hasSize(2);
        // printf token-1 | sha256sum
        assertThat(requests.getLast())
                .endsWith(
                        "{\"rejectedTokenSha256\":\"3f08aace122ee2368432c1ca23a049bc640bafbf00fdf33a52429f38ba12dbf9\"}");
        held.destroy();
    }

    @Test
    void refusalsSayWhatFollows() {
        assertRefusal(403, "{\"code\":\"GRANT_REFUSED\"}", FailureCode.GRANT_REFUSED);
        assertRefusal(404, "{\"code\":\"NOT_FOUND\"}", FailureCode.GRANT_REFUSED);
        assertRefusal(409, "{\"code\":\"CREDENTIALS_REJECTED\"}", FailureCode.CREDENTIALS_REJECTED);
        assertRefusal(422, "{\"code\":\"SERVER_UNREACHABLE\"}", FailureCode.SERVER_UNREACHABLE);
        assertRefusal(401, "<html>secret</html>", FailureCode.GRANT_REFUSED);
        assertRefusal(500, "{\"code\":\"INTERNAL_ERROR\"}", FailureCode.ORCHESTRATOR_UNREACHABLE);
        assertRefusal(503, "", FailureCode.ORCHESTRATOR_UNREACHABLE);
    }

    @Test
    void aRefusalIsNotRemembered() {
        assertRefusal(503, "", FailureCode.ORCHESTRATOR_UNREACHABLE);
        status = 200;

        try (MigrationSession session = grants.open(migration, Side.TARGET)) {
            assertThat(session.stagingKey()).isNotNull();
        }
    }

    @Test
    void aGrantThatDoesNotOpenIsRefused() {
        sealedWith = InternalToken.of("somebody else's token, which is as long as this");

        assertThatThrownBy(() -> grants.open(migration, Side.TARGET))
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(FailureCode.GRANT_REFUSED));
    }

    @Test
    void anOrchestratorThatDoesNotAnswerIsTriedLater() {
        orchestrator.stop(0);

        assertThatThrownBy(() -> grants.open(migration, Side.TARGET))
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure ->
                                assertThat(failure.failure().code()).isEqualTo(FailureCode.ORCHESTRATOR_UNREACHABLE));
    }

    private void assertRefusal(int answeredStatus, String answeredProblem, FailureCode expected) {
        status = answeredStatus;
        problem = answeredProblem;
        assertThatThrownBy(() -> grants.open(migration, Side.TARGET))
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(expected))
                .hasMessageNotContaining("secret");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestURI().getPath() + " "
                + exchange.getRequestHeaders().getFirst("X-Vaultferry-Service") + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
        Side side = exchange.getRequestURI().getPath().endsWith("TARGET") ? Side.TARGET : Side.SOURCE;
        byte[] answer = status == 200
                ? new GrantSeal(sealedWith, Participant.IMPORT).seal(migration, grant(side))
                : problem.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private static PublicKey publicKey() {
        KeyPair pair = KeyPair.make();
        pair.privateKey().close();
        return pair.publicKey();
    }

    private Grant grant(Side side) {
        Optional<String> organizationKey =
                created ? Optional.of(Base64.getEncoder().encodeToString(new byte[64])) : Optional.empty();
        return new Grant(
                side,
                "http://127.0.0.1:1",
                created ? "organization" : null,
                organizationKey.orElse(null),
                "token-" + requests.size(),
                Instant.now().plusSeconds(3600),
                "user",
                "owner@example.com",
                "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
                Base64.getEncoder().encodeToString(new byte[32]),
                created ? null : "Acme",
                created ? null : "billing@example.com",
                created ? null : OWNER_KEY.base64());
    }
}
