package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults, journal, counters and the rest of the admin interface. */
class FaultTest {

    private static final String CREATE = "POST /api/organizations/{id}/collections";
    private static final String COLLECTIONS = "/api/organizations/" + TestHttp.ORGANIZATION + "/collections";
    private static final Map<String, Object> COLLECTION =
            Map.of("name", "2.a|b|c", "groups", List.of(), "users", List.of());

    private Sandbox sandbox;
    private TestHttp http;
    private TestHttp admin;
    private String token;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.start(SandboxConfig.builder().seed(Seed.recorded()).build());
        http = TestHttp.to(sandbox);
        admin = TestHttp.toAdmin(sandbox);
        token = http.logInOwner();
    }

    @AfterEach
    void stop() {
        http.close();
        admin.close();
        sandbox.close();
    }

    private int collections() throws IOException {
        return http.get(COLLECTIONS, token).json().get("data").size();
    }

    private TestHttp.Answer create() throws IOException {
        return http.post(COLLECTIONS, token, COLLECTION);
    }

    private void setFault(Map<String, Object> fault) throws IOException {
        assertThat(admin.post("/faults", "", fault).status()).isEqualTo(200);
    }

    @Test
    void callsBeyondTheRateLimitAreToldToWaitAndDoNothing() throws IOException {
        // Given
        int before = collections();
        assertThat(admin.post("/rate-limit", "", Map.of("perSecond", 1)).status())
                .isEqualTo(200);

        // When: one passes, and the bucket is empty until a second is over
        TestHttp.Answer allowed = create();
        TestHttp.Answer refused = create();
        while (refused.status() != 429) {
            refused = create();
        }
        JsonNode counted = admin.get("/rate-limit", "").json();
        admin.post("/rate-limit", "", Map.of("perSecond", 0));

        // Then
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(refused.headers()).containsEntry("retry-after", "1");
        assertThat(counted.get("perSecond").intValue()).isEqualTo(1);
        assertThat(counted.get("refused").intValue()).isEqualTo(1);
        assertThat(collections()).isEqualTo(before + counted.get("allowed").intValue());
    }

    @Test
    void theNthCallIsRefusedWithTheTimeToWaitAndDoesNothing() throws IOException {
        // Given
        int before = collections();
        setFault(Map.of(
                "endpoint", CREATE, "nth", 2, "times", 2, "mode", "status", "status", 429, "retryAfterSeconds", 7));

        // When
        List<TestHttp.Answer> answers = List.of(create(), create(), create(), create());

        // Then
        assertThat(answers).extracting(TestHttp.Answer::status).containsExactly(200, 429, 429, 200);
        assertThat(answers.get(1).headers()).containsEntry("retry-after", "7");
        assertThat(collections()).isEqualTo(before + 2);
    }

    @Test
    void anErrorAfterTheEffectHidesThatItHappened() throws IOException {
        // Given
        int before = collections();
        setFault(Map.of("endpoint", CREATE, "mode", "status-after", "status", 500));

        // When
        TestHttp.Answer answer = create();

        // Then
        assertThat(answer.status()).isEqualTo(500);
        assertThat(collections()).isEqualTo(before + 1);
    }

    @Test
    void aConnectionCutBeforeTheEffectLeavesNothingBehind() throws IOException {
        // Given
        int before = collections();
        setFault(Map.of("endpoint", CREATE, "mode", "drop-before"));

        // When
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);

        // Then
        assertThat(collections()).isEqualTo(before);
        assertThat(sandbox.journal(0)).anySatisfy(entry -> {
            assertThat(entry.fault()).contains("DropBeforeEffect[]");
            assertThat(entry.status()).isZero();
        });
    }

    @Test
    void aConnectionCutWhileTheBodyIsReadLeavesNothingBehind() throws IOException {
        // Given
        int before = collections();
        setFault(Map.of("endpoint", CREATE, "mode", "drop-while-reading", "afterBytes", 10));

        // When
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);

        // Then
        assertThat(collections()).isEqualTo(before);
    }

    @Test
    void aConnectionCutAfterTheEffectHidesThatItHappened() throws IOException {
        // Given
        int before = collections();
        setFault(Map.of("endpoint", CREATE, "mode", "drop-after"));

        // When
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);

        // Then
        assertThat(collections()).isEqualTo(before + 1);
        assertThat(sandbox.journal(0)).anySatisfy(entry -> {
            assertThat(entry.fault()).contains("DropAfterEffect[]");
            assertThat(entry.status()).isEqualTo(200);
        });
    }

    @Test
    void aTruncatedAnswerEndsBeforeItsAnnouncedLength() throws IOException {
        // Given
        sandbox.addFault(Fault.once(CREATE, new Fault.Truncate(20)));
        int before = collections();

        // When
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);

        // Then
        assertThat(collections()).isEqualTo(before + 1);
        assertThat(sandbox.journal(0)).anySatisfy(entry -> {
            assertThat(entry.endpoint()).isEqualTo("POST /api/organizations/{organization}/collections");
            assertThat(entry.responseBytes()).isEqualTo(20);
        });
    }

    @Test
    void aTruncatedAnswerOfUnknownLengthEndsInTheMiddleOfAChunk() {
        // Given
        // The JDK's client may ask again by itself when the cut comes before it has read the head.
        sandbox.addFault(new Fault("GET /api/sync", 1, Integer.MAX_VALUE, new Fault.Truncate(30_000)));

        // When / Then
        assertThatThrownBy(() -> http.get("/api/sync", token)).isInstanceOf(IOException.class);
    }

    @Test
    void oneBitOfAnAnswerIsWrong() throws IOException {
        // Given
        TestHttp.Answer right = http.get(COLLECTIONS, token);
        sandbox.addFault(Fault.once("GET /api/organizations/{o}/collections", new Fault.Flip(-10)));

        // When
        TestHttp.Answer wrong = http.get(COLLECTIONS, token);

        // Then
        assertThat(wrong.bytes()).hasSameSizeAs(right.bytes());
        assertThat(wrong.bytes()).isNotEqualTo(right.bytes());
        assertThat(http.get(COLLECTIONS, token).bytes()).isEqualTo(right.bytes());
    }

    @Test
    void aDelayedCallTakesItsTime() throws IOException {
        // Given
        setFault(Map.of("endpoint", "*", "mode", "delay", "delayMillis", 300));

        // When
        create();

        // Then
        assertThat(sandbox.journal(0).getLast().microseconds()).isGreaterThan(300_000);
    }

    @Test
    void faultsCanBeListedAndCleared() throws IOException {
        // Given
        setFault(Map.of("endpoint", CREATE, "mode", "drop-after"));
        assertThat(admin.get("/faults", "").json().get("pending")).hasSize(1);

        // When
        admin.delete("/faults", "");

        // Then
        assertThat(admin.get("/faults", "").json().get("pending")).isEmpty();
        assertThat(create().status()).isEqualTo(200);
    }

    @Test
    void aFaultThatIsNoneIsRefused() throws IOException {
        assertThat(admin.post("/faults", "", Map.of("endpoint", "*", "mode", "explode"))
                        .status())
                .isEqualTo(400);
        assertThat(admin.post("/faults", "", Map.of("mode", "delay")).status()).isEqualTo(400);
        assertThat(admin.call("POST", "/faults", "", "{").status()).isEqualTo(400);
    }

    @Test
    void theJournalTellsWhoCalledWhatAndHowItEnded() throws IOException {
        // Given
        long before = sandbox.journal(0).getLast().number();

        // When
        create();
        http.get("/api/nothing?token=secret", token);

        // Then
        await().untilAsserted(() -> assertThat(sandbox.journal(before)).hasSize(2));
        JsonNode entries = admin.get("/journal?after=" + before, "").json().get("entries");
        assertThat(entries.get(0).get("endpoint").textValue())
                .isEqualTo("POST /api/organizations/{organization}/collections");
        assertThat(entries.get(0).get("account").textValue()).isEqualTo(TestHttp.OWNER);
        assertThat(entries.get(0).get("status").intValue()).isEqualTo(200);
        assertThat(entries.get(0).get("requestBytes").longValue()).isPositive();
        assertThat(entries.get(1).get("endpoint").textValue()).isEqualTo("unknown");
        assertThat(entries.toString()).doesNotContain("secret").doesNotContain(token);
        assertThat(admin.get("/counters", "").json().get("unknown 404").intValue())
                .isEqualTo(1);
    }

    @Test
    void theStateTellsIdsAndCounts() throws IOException {
        // When
        JsonNode state = admin.get("/state", "").json();

        // Then
        assertThat(state.get("accounts").intValue()).isEqualTo(7);
        JsonNode organization = state.get("organizations").get(0);
        assertThat(organization.get("id").textValue()).isEqualTo(TestHttp.ORGANIZATION);
        assertThat(organization.get("items").intValue()).isEqualTo(21);
        assertThat(organization.get("attachments").intValue()).isEqualTo(14);
        assertThat(organization.get("attachmentsWithoutBytes").intValue()).isZero();
        assertThat(organization.get("trashed").intValue()).isEqualTo(1);
        assertThat(organization.get("members").intValue()).isEqualTo(7);
    }

    @Test
    void aResetBringsTheSeedBack() throws IOException {
        // Given
        create();

        // When
        JsonNode state = admin.post("/reset", "", Map.of()).json();

        // Then
        assertThat(state.get("organizations").get(0).get("collections").intValue())
                .isEqualTo(9);
        assertThat(http.get(COLLECTIONS, token).status()).isEqualTo(401);
        assertThat(http.logInWith(TestHttp.OWNER, TestHttp.OWNER_HASH).status()).isEqualTo(200);
    }

    @Test
    void endedSessionsMakeAllTokensWorthless() throws IOException {
        // Given
        String refreshToken = http.logInWith(TestHttp.OWNER, TestHttp.OWNER_HASH)
                .json()
                .get("refresh_token")
                .textValue();

        // When
        admin.post("/sessions/end", "", Map.of("email", TestHttp.OWNER));

        // Then
        assertThat(http.get(COLLECTIONS, token).status()).isEqualTo(401);
        TestHttp.Answer refreshed = http.form(
                "/identity/connect/token",
                Map.of("grant_type", "refresh_token", "client_id", "cli", "refresh_token", refreshToken));
        assertThat(refreshed.status()).isEqualTo(400);
        assertThat(refreshed.json().get("error").textValue()).isEqualTo("invalid_grant");
    }

    @Test
    void latencyIsAddedToEveryCall() throws IOException {
        try (Sandbox slow = Sandbox.start(SandboxConfig.builder()
                        .tls(false)
                        .latency(Duration.ofMillis(200))
                        .build());
                TestHttp client = TestHttp.to(slow)) {
            // When
            client.get("/alive", "");

            // Then
            await().untilAsserted(() -> assertThat(slow.journal(0))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.microseconds()).isGreaterThan(200_000)));
        }
    }
}
