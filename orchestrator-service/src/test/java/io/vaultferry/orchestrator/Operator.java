package io.vaultferry.orchestrator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.ConfigProvider;

/** Calls the API as an operator does. */
public final class Operator {

    private static final Map<String, String> CONNECTIONS = new ConcurrentHashMap<>();

    private final int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);

    /** Where the orchestrator listens. */
    public int port() {
        return port;
    }

    public RequestSpecification call() {
        return given().port(port).header("Authorization", "Bearer " + TestKeys.ADMIN_KEY);
    }

    /** A connection to the account of the recorded owner, made once. */
    public String connection(String urlProperty) {
        String url = ConfigProvider.getConfig().getValue(urlProperty, String.class);
        return CONNECTIONS.computeIfAbsent(url, this::connect);
    }

    private String connect(String url) {
        Response answer = call().contentType(ContentType.JSON)
                .body(Map.of(
                        "name",
                        "test",
                        "serverUrl",
                        url,
                        "credentials",
                        Map.of("type", "password", "email", TwoServers.OWNER, "masterPassword", TwoServers.PASSWORD)))
                .post("/api/v1/connections");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.jsonPath().getString("id");
    }

    /** A body that creates the target organization. */
    public Map<String, Object> creation(Map<String, Object> options) {
        return body(Map.of("create", Map.of("name", "Canary Ltd", "billingEmail", "canary@example.com")), options);
    }

    /** A body that adopts a target organization. */
    public Map<String, Object> adoption(String organization, Map<String, Object> options) {
        return body(Map.of("adopt", organization), options);
    }

    private Map<String, Object> body(Map<String, Object> organization, Map<String, Object> options) {
        return Map.of(
                "source",
                Map.of("connection", connection(TwoServers.SOURCE_URL), "organization", TwoServers.SOURCE_ORGANIZATION),
                "target",
                Map.of("connection", connection(TwoServers.TARGET_URL), "organization", organization),
                "options",
                options);
    }

    public Response post(Object body) {
        return call().contentType(ContentType.JSON).body(body).post("/api/v1/migrations");
    }

    /** Starts a migration and says its id. */
    public String start(Object body) {
        Response answer = post(body);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
        String id = answer.jsonPath().getString("id");
        assertThat(answer.header("Location")).endsWith("/api/v1/migrations/" + id);
        return id;
    }

    public Response get(String id, String what) {
        return call().get("/api/v1/migrations/" + id + what);
    }

    public JsonPath show(String id) {
        return get(id, "").jsonPath();
    }

    public Response act(String id, String action) {
        return call().post("/api/v1/migrations/" + id + "/actions/" + action);
    }
}
