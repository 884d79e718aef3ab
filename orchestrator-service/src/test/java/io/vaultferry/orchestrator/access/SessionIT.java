package io.vaultferry.orchestrator.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vaultferry.orchestrator.CustodyProfile;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.orchestrator.api.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(CustodyProfile.class)
class SessionIT {

    private static final String SESSION = "/api/v1/session";
    private static final String COOKIE = "vaultferry-session";

    @Test
    void adminKeyBeginsASessionThatOpensTheApi() {
        // When
        Cookie cookie = signIn();

        // Then
        assertThat(given().cookie(cookie).get("/api/v1/connections").statusCode())
                .isEqualTo(200);
        Response session = given().cookie(cookie).get(SESSION);
        assertThat(session.jsonPath().getBoolean("signedIn")).isTrue();
        assertThat(session.jsonPath().getString("endsAt")).isNotBlank();
    }

    @Test
    void cookieIsHiddenFromScriptsAndOtherSites() {
        // When
        Cookie cookie = signIn();

        // Then
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Strict");
        assertThat(cookie.getPath()).isEqualTo("/api/v1");
        assertThat(cookie.getDomain()).isNull();
        assertThat(cookie.getMaxAge()).isEqualTo(12 * 60 * 60);
        assertThat(cookie.isSecured()).as("secure, over plain http").isFalse();
        assertThat(cookie.getValue()).hasSizeGreaterThan(40).doesNotContain(TestKeys.ADMIN_KEY);
    }

    @Test
    void whoHasNoSessionIsToldSoAndGetsNothingElse() {
        // When
        Response session = given().cookie(COOKIE, "bm90LWEtc2Vzc2lvbg").get(SESSION);

        // Then
        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.jsonPath().getBoolean("signedIn")).isFalse();
        assertThat(given().cookie(COOKIE, "bm90LWEtc2Vzc2lvbg")
                        .get("/api/v1/connections")
                        .statusCode())
                .isEqualTo(401);
        assertThat(given().cookie(COOKIE, "").get("/api/v1/connections").statusCode())
                .isEqualTo(401);
        assertThat(given().get("/api/v1/session/").statusCode()).isEqualTo(401);
        assertThat(given().get("/api/v1/session/../connections").statusCode()).isEqualTo(401);
    }

    @Test
    void sessionDoesNotOpenTheInternalApi() {
        // When
        Response answer = fromDashboard().cookie(signIn()).post("/internal/v1/migrations/x/grants/source");

        // Then
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void endedSessionOpensNothing() {
        // Given
        Cookie cookie = signIn();

        // When
        Response ended = fromDashboard().cookie(cookie).delete(SESSION);

        // Then
        assertThat(ended.statusCode()).isEqualTo(204);
        assertThat(ended.getDetailedCookie(COOKIE).getMaxAge()).isZero();
        assertThat(ended.getDetailedCookie(COOKIE).getValue()).isNullOrEmpty();
        assertThat(given().cookie(cookie).get("/api/v1/connections").statusCode())
                .isEqualTo(401);
    }

    @Test
    void wrongKeyIsNamedAndAPauseFollows() {
        // When
        Response wrong = post("not-the-key");
        Response tooSoon = post(TestKeys.ADMIN_KEY);

        // Then
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(wrong.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"vaultferry\"");
        assertThat(wrong.jsonPath().getString("errors[0].field")).isEqualTo("key");
        assertThat(wrong.asString()).doesNotContain("not-the-key");
        assertThat(wrong.cookies()).isEmpty();
        assertThat(tooSoon.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(tooSoon.header("Retry-After"))).isPositive();
        await().untilAsserted(
                        () -> assertThat(post(TestKeys.ADMIN_KEY).statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"key\": \"\"}", "{\"key\": \"  \"}"})
    void missingKeyIsAProblemOfItsField(String body) {
        // When
        Response answer =
                fromDashboard().contentType(ContentType.JSON).body(body).post(SESSION);

        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.jsonPath().getString("errors[0].field")).isEqualTo("key");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // The header that only a page of the same origin can set is missing.
                "-, same-origin, OURS",
                "-, -, OURS",
                "-, same-origin, -",
                // The browser says that another page sends.
                "1, cross-site, -",
                "1, same-site, -",
                "1, none, -",
                "1, same-origin, http://127.0.0.1:1",
                "1, same-origin, https://attacker.example",
                "1, same-origin, null",
                "1, same-origin, not a url",
                "1, -, https://attacker.example",
                "1, cross-site, OURS",
                // Nothing says who sends.
                "1, -, -"
            })
    void changesWithASessionAreRefusedUnlessTheDashboardSendsThem(String header, String site, String origin) {
        // Given
        Cookie cookie = signIn();

        // When
        RequestSpecification request = given().contentType(ContentType.JSON).body("{}");
        add(request, "X-Vaultferry-Request", header);
        add(request, "Sec-Fetch-Site", site);
        add(request, "Origin", "OURS".equals(origin) ? ours() : origin);
        Response change = request.cookie(cookie).post("/api/v1/connections");
        Response signIn =
                request.body(Map.of("key", TestKeys.ADMIN_KEY)).cookie(cookie).post(SESSION);
        Response signOut = request.cookie(cookie).delete(SESSION);

        // Then
        for (Response answer : new Response[] {change, signIn, signOut}) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.jsonPath().getString("code")).isEqualTo("FORBIDDEN");
            assertThat(answer.cookies()).isEmpty();
        }
        assertThat(given().cookie(cookie).get("/api/v1/connections").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"same-origin, OURS", "-, OURS", "same-origin, -"})
    void changesWithASessionAreAdmittedFromTheDashboard(String site, String origin) {
        // Given
        RequestSpecification request = given().cookie(signIn())
                .header("X-Vaultferry-Request", "1")
                .contentType(ContentType.JSON)
                .body("{}");
        add(request, "Sec-Fetch-Site", site);
        add(request, "Origin", "OURS".equals(origin) ? ours() : origin);

        // When
        Response answer = request.post("/api/v1/connections");

        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
    }

    @Test
    void bearerNeedsNoProofOfOrigin() {
        // When
        Response answer = given().header("Authorization", "Bearer " + TestKeys.ADMIN_KEY)
                .cookie(signIn())
                .header("Origin", "https://elsewhere.example")
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/connections");

        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/index.html", "/dashboard/app.js", "/api/v1/connections", "/api/v1/session", "/nothing"})
    void everyAnswerForbidsWhatABrowserCouldBeMadeToDo(String path) {
        // When
        Response answer = given().get(path);

        // Then
        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
                        + " data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    @Test
    void dataIsNotKeptAndFilesAreAskedForAgain() {
        // Given
        Cookie cookie = signIn();

        // When / Then
        for (String path : new String[] {"/api/v1/connections", "/api/v1/migrations", "/api/v1/session"}) {
            assertThat(given().cookie(cookie).get(path).header("Cache-Control")).isEqualTo("no-store");
        }
        for (String path : new String[] {"/", "/index.html", "/dashboard/app.js", "/dashboard/style.css"}) {
            Response file = given().get(path);
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(file.header("Cache-Control")).isEqualTo("no-cache");
        }
    }

    @Test
    void pageRunsNothingThatIsWrittenIntoIt() {
        // When
        String page = given().get("/").asString();

        // Then
        assertThat(page).contains("<script type=\"module\" src=\"dashboard/app.js\"></script>");
        assertThat(page).doesNotContain("<style", "style=\"", "onclick", "http://", "https://");
    }

    private static Cookie signIn() {
        Response answer = post(TestKeys.ADMIN_KEY);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().getBoolean("signedIn")).isTrue();
        return answer.getDetailedCookie(COOKIE);
    }

    private static Response post(String key) {
        return fromDashboard()
                .contentType(ContentType.JSON)
                .body(Map.of("key", key))
                .post(SESSION);
    }

    private static RequestSpecification fromDashboard() {
        return given().header("X-Vaultferry-Request", "1")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Origin", ours());
    }

    private static void add(RequestSpecification request, String name, String value) {
        if (value != null) {
            request.header(name, value);
        }
    }

    private static String ours() {
        return RestAssured.baseURI + ":" + RestAssured.port;
    }
}
