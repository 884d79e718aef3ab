package io.vaultferry.orchestrator.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.orchestrator.CustodyProfile;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.orchestrator.api.problem.Problem;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(CustodyProfile.class)
class AccessIT {

    private static final String INTERNAL = "/internal/v1/migrations/" + UUID.randomUUID() + "/grants/source";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/connections",
                "/api/v1/connections/",
                "/api/v1/nothing-here",
                "/api/v1/../v1/connections",
                "//api/v1/connections",
                "/api/v1/connections;internal",
                "/API/v1/connections",
                "/internal/../api/v1/connections",
                "/internal",
                "/nothing-here"
            })
    void nothingIsServedWithoutAKey(String path) {
        // When
        Response answer = given().urlEncodingEnabled(false).get(path);

        // Then
        assertThat(answer.statusCode()).isIn(401, 404);
        assertThat(answer.asString()).doesNotContain("organizations");
    }

    @Test
    void missingKeyIsAProblemThatSaysWhatToSend() {
        // When
        Response answer = given().get("/api/v1/connections");

        // Then
        assertRefused(answer);
        assertThat(answer.jsonPath().getString("detail")).contains("Authorization: Bearer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer",
                "Basic " + TestKeys.ADMIN_KEY,
                TestKeys.ADMIN_KEY,
                "Bearer " + TestKeys.ADMIN_KEY + "x",
                "Bearer " + TestKeys.EXPORT_TOKEN
            })
    void wrongKeyIsRefusedAndNotRepeated(String authorization) {
        // When
        Response answer = given().header("Authorization", authorization).get("/api/v1/connections");

        // Then
        assertRefused(answer);
        assertThat(answer.asString()).doesNotContain(TestKeys.ADMIN_KEY, "wrong");
    }

    @Test
    void rightKeyIsAdmitted() {
        // When
        Response answer =
                given().header("Authorization", "bearer " + TestKeys.ADMIN_KEY).get("/api/v1/connections");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void healthMetricsAndOpenApiAreOpen() {
        // When / Then
        assertThat(given().get("/q/health").statusCode()).isIn(200, 503);
        assertThat(given().get("/q/metrics").statusCode()).isEqualTo(200);
        assertThat(given().get("/q/openapi").asString())
                .contains("/api/v1/connections")
                .doesNotContain("/internal/");
    }

    @Test
    void adminKeyDoesNotOpenTheInternalApi() {
        // When
        Response answer = internal(TestKeys.ADMIN_KEY, "export-service");

        // Then
        assertRefused(answer);
    }

    @Test
    void internalTokenOpensTheInternalApiForItsServiceOnly() {
        // Given
        String bearer = InternalToken.of(TestKeys.EXPORT_TOKEN).bearer();

        // When / Then
        assertThat(internal(bearer, "export-service").statusCode()).isEqualTo(404);
        assertRefused(internal(bearer, "import-service"));
        assertRefused(internal(bearer, "orchestrator-service"));
        assertRefused(internal(bearer, "nobody"));
        assertRefused(internal(TestKeys.EXPORT_TOKEN, "export-service"));
        assertRefused(given().header("Authorization", "Bearer " + bearer).post(INTERNAL));
    }

    @Test
    void internalTokenDoesNotOpenTheApi() {
        // When
        Response answer = given().header(
                        "Authorization",
                        "Bearer " + InternalToken.of(TestKeys.EXPORT_TOKEN).bearer())
                .header("X-Vaultferry-Service", "export-service")
                .get("/api/v1/connections");

        // Then
        assertRefused(answer);
    }

    private static Response internal(String bearer, String service) {
        return given().header("Authorization", "Bearer " + bearer)
                .header("X-Vaultferry-Service", service)
                .contentType(ContentType.JSON)
                .body("{}")
                .post(INTERNAL);
    }

    private static void assertRefused(Response answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=");
        assertThat(answer.jsonPath().getString("code")).isEqualTo("UNAUTHORIZED");
    }
}
