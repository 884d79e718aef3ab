package io.vaultferry.sandbox.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.JournalEntry;
import io.vaultferry.sandbox.http.Request;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.http.Router;
import java.io.IOException;
import java.util.Optional;

/** The admin interface. It is for tests on the same machine and asks nobody who they are. */
public final class AdminApi {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LONGEST_BODY = 1_000_000;

    /** What only the server behind the interface can do. */
    public interface Server {
        /** Ids and counts. */
        JsonNode describe();

        /** Makes every token of an account worthless; false when there is no such account. */
        boolean endSessions(String email);

        /** Writes the snapshot file; false when none was configured. */
        boolean saveSnapshot();

        /** Back to the seed, with an empty journal and no faults. */
        void reset();

        FaultTable faults();

        Journal journal();

        /** Calls a second, 0 for any number; and how many were allowed and refused so far. */
        RateLimitView rateLimit();

        void setRateLimit(int perSecond);
    }

    /**
     * The limit and what it did.
     *
     * @param perSecond 0 for none
     * @param allowed calls while there was a limit
     * @param refused calls that were answered 429
     */
    public record RateLimitView(int perSecond, long allowed, long refused) {}

    @FunctionalInterface
    private interface Action {
        Response on(Request request) throws IOException;
    }

    private final Server server;
    private final Router<Action> router = new Router<>();

    public AdminApi(Server server) {
        this.server = server;
        router.add(
                "GET",
                "/counters",
                request -> ok(MAPPER.valueToTree(server.journal().counters())));
        router.add("GET", "/journal", this::journal);
        router.add("GET", "/faults", request -> ok(pendingFaults()));
        router.add("POST", "/faults", this::addFault);
        router.add("DELETE", "/faults", request -> {
            server.faults().clear();
            return ok(pendingFaults());
        });
        router.add("GET", "/rate-limit", request -> ok(rateLimit()));
        router.add("POST", "/rate-limit", this::setRateLimit);
        router.add("GET", "/state", request -> ok(server.describe()));
        router.add("POST", "/sessions/end", this::endSessions);
        router.add(
                "POST",
                "/snapshot",
                request -> server.saveSnapshot() ? ok(MAPPER.createObjectNode()) : refused("no snapshot file"));
        router.add("POST", "/reset", request -> {
            server.reset();
            return ok(server.describe());
        });
    }

    public Response handle(Request request) throws IOException {
        Optional<Router.Match<Action>> match = router.find(request.method(), request.path());
        try {
            return match.isPresent() ? match.get().route().on(request) : Response.empty(404);
        } catch (IllegalArgumentException e) {
            return refused(e.getMessage());
        }
    }

    private Response journal(Request request) {
        long after = request.parameter("after").map(Long::parseLong).orElse(0L);
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode entries = json.putArray("entries");
        for (JournalEntry entry : server.journal().after(after)) {
            ObjectNode line = entries.addObject();
            line.put("number", entry.number());
            line.put("at", entry.at().toString());
            line.put("method", entry.method());
            line.put("path", entry.path());
            line.put("endpoint", entry.endpoint());
            line.put("account", entry.account().orElse(null));
            line.put("status", entry.status());
            line.put("microseconds", entry.microseconds());
            line.put("requestBytes", entry.requestBytes());
            line.put("responseBytes", entry.responseBytes());
            line.put("fault", entry.fault().orElse(null));
        }
        return ok(json);
    }

    private Response addFault(Request request) throws IOException {
        server.faults().add(FaultJson.read(read(request)));
        return ok(pendingFaults());
    }

    private ObjectNode rateLimit() {
        return MAPPER.valueToTree(server.rateLimit());
    }

    private Response setRateLimit(Request request) throws IOException {
        JsonNode perSecond = read(request).path("perSecond");
        if (!perSecond.canConvertToInt() || perSecond.intValue() < 0) {
            throw new IllegalArgumentException("perSecond has to be a number, 0 for no limit");
        }
        server.setRateLimit(perSecond.intValue());
        return ok(rateLimit());
    }

    private ObjectNode pendingFaults() {
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode pending = json.putArray("pending");
        for (Fault fault : server.faults().pending()) {
            pending.addObject()
                    .put("endpoint", fault.endpoint())
                    .put("nth", fault.nth())
                    .put("times", fault.times())
                    .put("mode", fault.mode().toString());
        }
        return json;
    }

    private Response endSessions(Request request) throws IOException {
        String email = read(request).path("email").asText();
        return server.endSessions(email) ? ok(MAPPER.createObjectNode()) : refused("no such account");
    }

    private static JsonNode read(Request request) throws IOException {
        byte[] body =
                request.bodyUpTo(LONGEST_BODY).orElseThrow(() -> new IllegalArgumentException("body is too long"));
        try {
            return MAPPER.readTree(body);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException("body is not JSON", e);
        }
    }

    private static Response ok(JsonNode json) {
        return Response.json(200, out -> out.write(MAPPER.writeValueAsBytes(json)));
    }

    private static Response refused(String message) {
        ObjectNode json = MAPPER.createObjectNode().put("message", message);
        return Response.json(400, out -> out.write(MAPPER.writeValueAsBytes(json)));
    }
}
