package io.vaultferry.orchestrator.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.orchestrator.TwoServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(MigrationProfile.class)
class MigrationsResourceIT {

    private static final Path OPEN_API = Path.of("src/main/openapi/openapi.yaml");

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private Operator operator;

    @BeforeEach
    void open() {
        operator = new Operator();
    }

    @Test
    void acceptedMigrationIsShownWithItsDefaults() {
        // When
        String id = operator.start(operator.creation(Map.of()));

        // Then
        JsonPath migration = operator.show(id);
        assertThat(migration.getString("status")).isEqualTo("RUNNING");
        assertThat(migration.getString("source.organization")).isEqualTo(TwoServers.SOURCE_ORGANIZATION);
        assertThat(migration.getString("source.server")).startsWith("VAULTWARDEN ");
        assertThat(migration.getString("target.organization")).isNull();
        assertThat(migration.getBoolean("dryRun")).isFalse();
        assertThat(migration.getMap("options").values()).containsOnly(true);
        assertThat(migration.getList("actions")).containsExactly("pause", "cancel");
        assertThat(migration.getList("steps.status"))
                .startsWith("RUNNING", "PENDING")
                .hasSize(13);
        assertThat(operator.call().get("/api/v1/migrations").jsonPath().getList("id"))
                .contains(id);
    }

    @Test
    void nameOfTheOrganizationIsNeverEchoed() {
        // When
        String id = operator.start(operator.creation(Map.of()));

        // Then
        for (String part : List.of("", "/history", "/exceptions")) {
            assertThat(operator.get(id, part).asString())
                    .doesNotContain("Canary")
                    .doesNotContain("canary");
        }
    }

    @Test
    void sameIdempotencyKeyLeadsToTheSameMigration() {
        // Given
        String key = UUID.randomUUID().toString();

        // When
        Response first = startWith(key, operator.creation(Map.of()));
        Response again = startWith(key, operator.creation(Map.of()));
        Response other = startWith(key, operator.creation(Map.of("dryRun", true)));

        // Then
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.jsonPath().getString("id")).isEqualTo(first.jsonPath().getString("id"));
        assertProblem(other, 422, "IDEMPOTENCY_KEY_REUSED", "Idempotency-Key");
    }

    @Test
    void secondMigrationIntoTheSameOrganizationIsRefusedAndNamesTheFirst() {
        // Given
        String first = operator.start(operator.adoption(TwoServers.TARGET_ORGANIZATION, Map.of()));

        // When
        Response second = operator.post(operator.adoption(TwoServers.TARGET_ORGANIZATION, Map.of()));

        // Then
        assertProblem(second, 409, "TARGET_BUSY", "target.organization.adopt");
        assertThat(second.jsonPath().getString("migration")).isEqualTo(first);
    }

    @Test
    void sameSourceAndTargetAreRefused() {
        // Given
        Map<String, Object> body = new HashMap<>(operator.adoption(TwoServers.SOURCE_ORGANIZATION, Map.of()));
        body.put(
                "target",
                Map.of(
                        "connection",
                        operator.connection(TwoServers.SOURCE_URL),
                        "organization",
                        Map.of("adopt", TwoServers.SOURCE_ORGANIZATION)));

        // When
        Response answer = operator.post(body);

        // Then
        assertProblem(answer, 422, "SAME_ORGANIZATION", "target.organization.adopt");
    }

    @Test
    void actionThatIsNotAllowedSaysWhichAre() {
        // Given
        String id = operator.start(operator.creation(Map.of()));

        for (String action : List.of("rollback", "sync", "approve", "resume", "retry")) {
            // When
            Response answer = operator.act(id, action);

            // Then
            assertProblem(answer, 409, "ACTION_NOT_ALLOWED", null);
            assertThat(answer.jsonPath().getList("allowedActions")).containsExactly("pause", "cancel");
        }
    }

    @Test
    void planAndReportAreNotThereBeforeTheirTime() {
        String id = operator.start(operator.creation(Map.of()));
        assertProblem(operator.get(id, "/plan"), 409, "CONFLICT", null);
        assertProblem(operator.get(id, "/report"), 409, "CONFLICT", null);
        assertProblem(
                operator.call().accept("text/html").get("/api/v1/migrations/" + id + "/report"), 409, "CONFLICT", null);
    }

    @Nested
    class BadInput {

        @Test
        void connectionThatDoesNotExistIsNamed() {
            Map<String, Object> body = new HashMap<>(operator.creation(Map.of()));
            body.put("source", Map.of("connection", UUID.randomUUID().toString(), "organization", "x"));
            assertProblem(operator.post(body), 422, "INVALID_FIELD", "source.connection");
        }

        @Test
        void organizationThatTheAccountDoesNotSeeIsNamed() {
            assertProblem(
                    operator.post(operator.adoption(UUID.randomUUID().toString(), Map.of())),
                    422,
                    "ORGANIZATION_NOT_FOUND",
                    "target.organization.adopt");
        }

        @Test
        void idThatIsNoUuidIsNamed() {
            Map<String, Object> body = new HashMap<>(operator.creation(Map.of()));
            body.put("source", Map.of("connection", "not-a-uuid", "organization", "x"));
            assertProblem(operator.post(body), 400, "WRONG_TYPE", "source.connection");
        }

        @Test
        void unknownOptionIsNamed() {
            assertProblem(
                    operator.post(operator.creation(Map.of("dry_run", true))), 400, "UNKNOWN_FIELD", "options.dry_run");
        }

        @Test
        void adoptAndCreateTogetherAreRefused() {
            Map<String, Object> body = new HashMap<>(operator.creation(Map.of()));
            body.put(
                    "target",
                    Map.of(
                            "connection",
                            operator.connection(TwoServers.TARGET_URL),
                            "organization",
                            Map.of("adopt", "x", "create", Map.of("name", "y"))));
            assertProblem(operator.post(body), 422, "INVALID_FIELD", "target.organization");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"source\": null}", "[]", "null", "", "{\"source\": ", "\"text\""})
        void bodyThatIsNoRequestIsAProblem(String body) {
            Response answer =
                    operator.call().contentType(ContentType.JSON).body(body).post("/api/v1/migrations");
            assertThat(answer.statusCode()).isBetween(400, 422);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }

        @Test
        void bodyOverTheCapIsRefused() {
            Response answer = operator.call()
                    .contentType(ContentType.JSON)
                    .body("{\"source\": \"" + "x".repeat(70_000) + "\"}")
                    .post("/api/v1/migrations");
            assertProblem(answer, 413, "BODY_TOO_LARGE", null);
        }

        @ParameterizedTest
        @CsvSource({
            "/api/v1/migrations/not-a-uuid, 404, NOT_FOUND, id",
            "/api/v1/migrations/00000000-0000-0000-0000-000000000000, 404, NOT_FOUND, id",
            "/api/v1/migrations/00000000-0000-0000-0000-000000000000/events, 404, NOT_FOUND, id",
            "/api/v1/migrations?limit=0, 422, INVALID_FIELD, limit",
            "/api/v1/migrations?limit=many, 422, INVALID_FIELD, limit",
            "/api/v1/migrations?offset=-1, 422, INVALID_FIELD, offset"
        })
        void badPathOrParameterIsNamed(String path, int status, String code, String field) {
            assertProblem(operator.call().get(path), status, code, field);
        }

        @Test
        void unknownActionIsNamed() {
            String id = operator.start(operator.creation(Map.of()));
            assertProblem(operator.act(id, "explode"), 404, "NOT_FOUND", "action");
        }

        @Test
        void callWithoutTheKeyIsRefused() {
            Response answer = given().port(port).get("/api/v1/migrations");
            assertProblem(answer, 401, "UNAUTHORIZED", null);
        }
    }

    @Test
    void watcherGetsTransitionsFromWhereItLeftOff() throws Exception {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        long first = operator.get(id, "/history").jsonPath().getLong("[0].sequence");

        // When
        List<String> all = watch(id, 0);
        List<String> later = watch(id, first);
        operator.act(id, "pause");

        // Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(all).contains("event:transition", "id:" + first, "event:progress");
            assertThat(all).anyMatch(line -> line.startsWith("data:") && line.contains("operator:pause"));
            assertThat(later).anyMatch(line -> line.startsWith("data:") && line.contains("operator:pause"));
            assertThat(later).doesNotContain("id:" + first);
        });
    }

    /** The lines that a watcher receives, without the blanks after the colon that the format allows. */
    private List<String> watch(String id, long after) throws IOException, InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/migrations/" + id + "/events"))
                .header("Authorization", "Bearer " + TestKeys.ADMIN_KEY)
                .header("Last-Event-ID", Long.toString(after))
                .build();
        HttpResponse<java.util.stream.Stream<String>> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        Thread.ofPlatform()
                .daemon()
                .start(() -> answer.body()
                        .filter(Objects::nonNull)
                        .map(line -> line.replaceFirst("^([a-z]+): ", "$1:"))
                        .forEach(lines::add));
        return lines;
    }

    @Test
    void metricsTellOfMigrationsAndTopics() {
        // Given
        operator.start(operator.creation(Map.of()));

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(given().port(port).get("/q/metrics").asString())
                                .contains(
                                        "vaultferry_migrations{status=\"running\"}",
                                        "vaultferry_saga_transitions_total{transition=\"start\"}",
                                        "kafka_consumergroup_lag{consumergroup=\"orchestrator-service\"",
                                        "vaultferry_dead_letters_held{topic=\"migration-events-dlq\"}"));
        assertThat(given().port(port).get("/q/health").statusCode()).isEqualTo(200);
    }

    /** To write the file anew, run the test with {@code -Dopenapi.write=true}, and read the difference. */
    @Test
    void committedOpenApiDocumentIsTheOneThatIsServed() throws IOException {
        // When
        String served = given().port(port).get("/q/openapi").asString();

        // Then
        if (Boolean.getBoolean("openapi.write")) {
            Files.createDirectories(OPEN_API.getParent());
            Files.writeString(OPEN_API, served);
        }
        assertThat(served)
                .as("src/main/openapi/openapi.yaml is stale; write it again with -Dopenapi.write=true")
                .isEqualTo(Files.readString(OPEN_API, StandardCharsets.UTF_8));
    }

    private Response startWith(String key, Object body) {
        return operator.call()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/migrations");
    }

    private static void assertProblem(Response answer, int status, String code, String field) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.jsonPath().getString("code")).isEqualTo(code);
        assertThat(answer.jsonPath().getString("detail")).isNotBlank();
        if (field != null) {
            assertThat(answer.jsonPath().getList("errors.field")).contains(field);
        }
    }
}
