package io.vaultferry.orchestrator.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vaultferry.orchestrator.CustodyProfile;
import io.vaultferry.orchestrator.TestKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(CustodyProfile.class)
class ProblemAnswersIT {

    private static final String SECRET = ProblematicResource.SECRET;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void acceptedBodyIsAnsweredAsUsual() {
        // When
        Response answer = post("{\"name\": \"abc\"}");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("name")).isEqualTo("abc");
    }

    @Test
    void malformedJsonIsLocatedButNotQuoted() {
        // When
        Response answer = post("{\"name\": \"" + SECRET + "\",\n  oops " + SECRET + "}");

        // Then
        assertProblem(answer, 400, "MALFORMED_BODY");
        assertThat(answer.jsonPath().getString("detail")).contains("line 2, column ");
    }

    @Test
    void truncatedJsonIsMalformed() {
        // When
        Response answer = post("{\"name\": \"" + SECRET);

        // Then
        assertProblem(answer, 400, "MALFORMED_BODY");
    }

    @Test
    void unknownFieldIsNamedTogetherWithTheKnownOnes() {
        // When
        Response answer = post("{\"name\": \"abc\", \"inner\": {\"text\": \"t\", \"txet\": \"" + SECRET + "\"}}");

        // Then
        assertProblem(answer, 400, "UNKNOWN_FIELD");
        assertThat(answer.jsonPath().getString("errors[0].field")).isEqualTo("inner.txet");
        assertThat(answer.jsonPath().getString("errors[0].detail")).contains("Known here: text.");
    }

    @Test
    void namesOfUnknownFieldsAreCutAndCleaned() {
        // When
        Response answer = post("{\"<script>" + "a".repeat(500) + "\": 1}");

        // Then
        assertProblem(answer, 400, "UNKNOWN_FIELD");
        assertThat(answer.jsonPath().getString("errors[0].field"))
                .startsWith("?script?aaa")
                .hasSizeLessThan(80);
    }

    @Test
    void wrongTypesAreNamedWithWhatIsExpected() {
        // When
        Response number = post("{\"name\": \"abc\", \"number\": \"" + SECRET + "\"}");
        Response flag = post("{\"name\": \"abc\", \"flag\": \"" + SECRET + "\"}");
        Response color = post("{\"name\": \"abc\", \"color\": \"" + SECRET + "\"}");
        Response text = post("{\"name\": [\"" + SECRET + "\"]}");
        Response object = post("{\"name\": \"abc\", \"inner\": \"" + SECRET + "\"}");
        Response whole = post("[1, 2]");

        // Then
        assertWrongType(number, "number", "Expected a number");
        assertWrongType(flag, "flag", "Expected true or false");
        assertWrongType(color, "color", "Expected one of RED, GREEN");
        assertWrongType(text, "name", "Expected a text");
        assertWrongType(object, "inner", "Expected an object");
        assertProblem(whole, 400, "WRONG_TYPE");
    }

    @Test
    void everyInvalidFieldIsNamed() {
        // When
        Response answer = post("{\"name\": \"" + SECRET + "\", \"inner\": {}}");

        // Then
        assertProblem(answer, 422, "INVALID_FIELD");
        assertThat(answer.jsonPath().getList("errors.field")).isEqualTo(List.of("inner.text", "name"));
        assertThat(answer.jsonPath().getList("errors.detail"))
                .isEqualTo(List.of("Give a text.", "At most 5 characters."));
    }

    @Test
    void missingBodyIsRefused() {
        // When
        Response empty = post("");
        Response nothing = post("null");

        // Then
        assertThat(empty.statusCode()).isBetween(400, 422);
        assertThat(empty.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertProblem(nothing, 422, "INVALID_FIELD");
    }

    @Test
    void largeBodyIsRefusedByItsAnnouncedLength() {
        // When
        Response answer = post("{\"name\": \"" + "x".repeat(70_000) + "\"}");

        // Then
        assertProblem(answer, 413, "BODY_TOO_LARGE");
    }

    @Test
    void largeBodyOfUnknownLengthIsRefusedWhileItIsRead() throws IOException {
        // When
        String answer = postChunked("{\"name\": \"" + "x".repeat(70_000) + "\"}");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 413").contains(Problem.MEDIA_TYPE, "BODY_TOO_LARGE");
    }

    @Test
    void wrongPathMethodMediaTypeAndAcceptAreProblems() {
        // When
        Response path = operator().get("/api/v1/nothing-here");
        Response method = operator().delete("/api/v1/problematic");
        Response mediaType = operator().contentType("text/plain").body("x").post("/api/v1/problematic");
        Response accept = operator().accept("image/png").get("/api/v1/problematic/conflict");

        // Then
        assertProblem(path, 404, "NOT_FOUND");
        assertProblem(method, 405, "METHOD_NOT_ALLOWED");
        assertProblem(mediaType, 415, "UNSUPPORTED_MEDIA_TYPE");
        assertProblem(accept, 406, "NOT_ACCEPTABLE");
    }

    @Test
    void ourOwnProblemsKeepTheirExtensions() {
        // When
        Response answer = operator().get("/api/v1/problematic/conflict");

        // Then
        assertProblem(answer, 409, "ACTION_NOT_ALLOWED");
        assertThat(answer.jsonPath().getString("type")).isEqualTo("urn:vaultferry:problem:action-not-allowed");
        assertThat(answer.jsonPath().getList("allowedActions")).isEqualTo(List.of("pause", "cancel"));
    }

    @Test
    void delayIsRoundedUpToWholeSeconds() {
        // When
        Response answer = operator().get("/api/v1/problematic/limited");

        // Then
        assertProblem(answer, 429, "RATE_LIMITED");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
    }

    @Test
    void defectIsAnsweredWithAnIdAndNothingElse() {
        // When
        Response answer = operator().get("/api/v1/problematic/defect");

        // Then
        assertProblem(answer, 500, "INTERNAL_ERROR");
        String instance = answer.jsonPath().getString("instance");
        assertThat(instance).startsWith("urn:uuid:");
        assertThat(answer.jsonPath().getString("detail")).contains(instance.substring("urn:uuid:".length()));
        assertThat(answer.asString()).doesNotContain("IllegalStateException", "at io.vaultferry");
    }

    private static void assertWrongType(Response answer, String field, String expected) {
        assertProblem(answer, 400, "WRONG_TYPE");
        assertThat(answer.jsonPath().getString("errors[0].field")).isEqualTo(field);
        assertThat(answer.jsonPath().getString("errors[0].detail")).startsWith(expected);
    }

    private static void assertProblem(Response answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(answer.jsonPath().getString("code")).isEqualTo(code);
        assertThat(answer.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(answer.jsonPath().getString("title")).isNotBlank();
        assertThat(answer.jsonPath().getString("detail")).isNotBlank();
        assertThat(answer.asString()).doesNotContain(SECRET);
    }

    private static Response post(String body) {
        return operator().contentType(ContentType.JSON).body(body).post("/api/v1/problematic");
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", "Bearer " + TestKeys.ADMIN_KEY);
    }

    private String postChunked(String body) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/problematic HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + TestKeys.ADMIN_KEY
                            + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                            + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }
}
