package io.vaultferry.launcher.demo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vaultferry.contracts.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** The calls of the REST API that the demo needs. */
public final class MigrationApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    private final URI base;
    private final String adminKey;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public MigrationApi(URI base, String adminKey) {
        this.base = base;
        this.adminKey = adminKey;
    }

    /** One account on one server. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Connection(String id, Server server, List<Organization> organizations) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Server(String url, String kind, String version) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Organization(String id, String name, String role) {}

    /**
     * Where a migration stands.
     *
     * @param waitingFor APPROVAL, MEMBERS or CREDENTIALS while the status is WAITING; null otherwise
     * @param failure what is wrong while the status is STUCK; null otherwise
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Migration(String id, String status, String waitingFor, List<Step> steps, Failure failure) {

        public Migration {
            steps = List.copyOf(steps);
        }
    }

    /** One step; counts are 0 and times null where there are none yet. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Step(
            String step,
            String status,
            long done,
            long total,
            long bytesDone,
            long bytesTotal,
            Instant startedAt,
            Instant finishedAt) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Failure(String step, String code, String message, String detail) {}

    /**
     * The reconciliation of a migration that has ended.
     *
     * @param objects how many objects were looked at
     * @param differences how many of them are missing, different or unexpected in the target
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Report(long objects, long differences, List<Summary> summary) {

        public Report {
            summary = List.copyOf(summary);
        }

        /** Whether every object of the source is in the target as it was, or was left out on purpose. */
        public boolean complete() {
            return objects > 0
                    && differences == 0
                    && count(line -> line.outcome().equals("QUARANTINED")) == 0;
        }

        long count(Predicate<Summary> which) {
            return summary.stream().filter(which).mapToLong(Summary::objects).sum();
        }
    }

    /**
     * How many objects of a kind ended in the same way.
     *
     * @param outcome MOVED, SKIPPED or QUARANTINED
     * @param verdict EQUAL, DIFFERENT, MISSING, UNEXPECTED or NOT_COMPARED
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Summary(String kind, String outcome, String verdict, long objects) {}

    /** An object that did not arrive as it was, and why. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Exceptional(String kind, String sourceId, String targetId, String outcome, String message) {}

    /**
     * What is left to move, and who moves it.
     *
     * @param lag records of {@code attachment-work} that no worker has acknowledged
     * @param workers that the broker hears from
     * @param bytesPerSecond over the last half minute
     * @param etaSeconds null when nothing moves
     */
    public record Work(long lag, int workers, long files, long bytes, double bytesPerSecond, Long etaSeconds) {}

    /** Logs in by master password. */
    public Connection connect(String name, URI server, String email, String masterPassword) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("serverUrl", server.toString());
        body.putObject("credentials")
                .put("type", "password")
                .put("email", email)
                .put("masterPassword", masterPassword);
        return read(call("POST", "/api/v1/connections", body, Map.of()), Connection.class);
    }

    /** Moves everything of an organization into a new one. Answers the migration's id. */
    public String migrate(
            Connection source, Organization organization, Connection target, String newName, String billingEmail) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("source").put("connection", source.id()).put("organization", organization.id());
        body.putObject("target")
                .put("connection", target.id())
                .putObject("organization")
                .putObject("create")
                .put("name", newName)
                .put("billingEmail", billingEmail);
        JsonNode answer = call(
                "POST",
                "/api/v1/migrations",
                body,
                Map.of("Idempotency-Key", UUID.randomUUID().toString()));
        return answer.path("id").asText();
    }

    public Migration migration(String id) {
        return read(call("GET", "/api/v1/migrations/" + id, null, Map.of()), Migration.class);
    }

    /** What the broker and the orchestrator say of the files that are being moved. */
    public Work work() {
        for (JsonNode topic : call("GET", "/api/v1/topics", null, Map.of())) {
            if (topic.path("topic").asText().equals(Topics.ATTACHMENT_WORK)) {
                JsonNode left = topic.path("work");
                return new Work(
                        topic.path("lag").asLong(),
                        topic.at("/groups/0/members").size(),
                        left.path("files").asLong(),
                        left.path("bytes").asLong(),
                        left.path("bytesPerSecond").asDouble(),
                        left.hasNonNull("etaSeconds") ? left.get("etaSeconds").asLong() : null);
            }
        }
        throw new DemoException("The broker has no topic " + Topics.ATTACHMENT_WORK);
    }

    public Report report(String id) {
        return read(
                call("GET", "/api/v1/migrations/" + id + "/report", null, Map.of("Accept", "application/json")),
                Report.class);
    }

    public List<Exceptional> exceptions(String id) {
        JsonNode answer = call("GET", "/api/v1/migrations/" + id + "/exceptions", null, Map.of());
        return answer.valueStream()
                .map(exception -> read(exception, Exceptional.class))
                .toList();
    }

    /** An operator's word: approve, pause, resume, retry, cancel. */
    public void act(String id, String action) {
        call("POST", "/api/v1/migrations/" + id + "/actions/" + action.toLowerCase(Locale.ROOT), null, Map.of());
    }

    public URI reportPage(String id) {
        return base.resolve("/api/v1/migrations/" + id + "/report");
    }

    private JsonNode call(String method, String path, JsonNode body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + adminKey)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new DemoException(method + " " + path + " was answered " + response.statusCode() + ": "
                        + problem(response.body()));
            }
            return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException e) {
            throw new DemoException(method + " " + path + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted", e);
        }
    }

    private static String problem(String body) {
        try {
            return JSON.readTree(body).path("detail").asText("no detail");
        } catch (JsonProcessingException e) {
            return "not a problem document";
        }
    }

    private static <T> T read(JsonNode answer, Class<T> type) {
        try {
            return JSON.treeToValue(answer, type);
        } catch (JsonProcessingException e) {
            throw new DemoException(
                    "The answer is not the expected " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
