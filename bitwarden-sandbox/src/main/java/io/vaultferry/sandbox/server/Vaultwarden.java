package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import java.util.Set;

/**
 * What a Vaultwarden 1.37.2 does in its own way, and other Bitwarden-compatible servers in another: the look of its
 * errors, its limits, what it supports. Facts from dani-garcia/vaultwarden at tag 1.37.2 and from exchanges recorded with
 * it.
 */
final class Vaultwarden {

    /** What {@code /api/version} says. */
    static final String SERVER_VERSION = "1.37.2";
    /** The level of the Bitwarden API that it claims in {@code /api/config}. */
    static final String API_VERSION = "2026.6.0";

    static final String SERVER_NAME = "Vaultwarden";
    static final String SERVER_URL = "https://github.com/dani-garcia/vaultwarden";

    /** Login, secure note, card, identity, SSH key. */
    static final Set<Integer> ITEM_TYPES = Set.of(1, 2, 3, 4, 5);

    static final int SSH_KEY = 5;
    /** Clients older than this do not get SSH keys from a sync. */
    static final int[] FIRST_CLIENT_WITH_SSH_KEYS = {2024, 12, 0};

    static final Set<Integer> POLICY_TYPES = Set.of(0, 1, 2, 3, 5, 6, 7, 8, 14, 15, 16);

    /** In characters of the encrypted text. */
    static final int LONGEST_NOTE = 10_000;

    /** How far a file's size may be from what was announced. */
    static final long SIZE_LEEWAY = 1024 * 1024;

    static final int FEWEST_PBKDF2_ITERATIONS = 100_000;

    private static final ObjectWriter INDENTED = Json.MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(DefaultPrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(
                    com.fasterxml.jackson.core.util.Separators.Spacing.AFTER)));

    private Vaultwarden() {}

    /**
     * Turns a refusal into an answer. Lack of rights is a 401, and comes, as do unreadable bodies and unknown paths, from
     * the web framework: indented JSON, or HTML for clients that do not ask for JSON.
     */
    static Response answer(Refusal refusal, boolean jsonWanted) {
        return switch (refusal.kind()) {
            case UNAUTHENTICATED ->
                catcher(401, "Unauthorized", "The request requires user authentication.", jsonWanted);
            case NO_SUCH_ENDPOINT ->
                catcher(404, "Not Found", "The requested resource could not be found.", jsonWanted);
            case MALFORMED ->
                catcher(
                        400,
                        "Bad Request",
                        "The request could not be understood by the server due to malformed syntax.",
                        jsonWanted);
            case TOO_LARGE ->
                catcher(
                        413,
                        "Payload Too Large",
                        "The request is larger than the server is willing or able to process.",
                        jsonWanted);
            case UNPROCESSABLE ->
                catcher(
                        422,
                        "Unprocessable Entity",
                        "The request was well-formed but was unable to be followed due to semantic errors.",
                        jsonWanted);
            case BROKEN ->
                catcher(
                        500,
                        "Internal Server Error",
                        "The server encountered an internal error while processing this request.",
                        jsonWanted);
            case HIDDEN -> Json.answer(404, error(refusal.getMessage()));
            case INVALID -> Json.answer(400, error(refusal.getMessage()));
            case SPECIAL -> Json.answer(400, refusal.body());
        };
    }

    private static ObjectNode error(String message) {
        ObjectNode error = Json.object();
        error.put("message", message);
        error.putObject("validationErrors").putArray("").add(message);
        error.putObject("errorModel").put("message", message).put("object", "error");
        error.put("error", "");
        error.put("error_description", "");
        error.putNull("exceptionMessage");
        error.putNull("exceptionStackTrace");
        error.putNull("innerExceptionMessage");
        error.put("object", "error");
        return error;
    }

    private static Response catcher(int status, String reason, String description, boolean jsonWanted) {
        if (!jsonWanted) {
            String html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>" + status + " " + reason
                    + "</title>\n</head>\n<body>\n<h1>" + status + ": " + reason + "</h1>\n<p>" + description
                    + "</p>\n</body>\n</html>";
            return Response.text(status, "text/html; charset=utf-8", html);
        }
        ObjectNode body = Json.object();
        body.putObject("error").put("code", status).put("reason", reason).put("description", description);
        try {
            return Response.text(status, "application/json", INDENTED.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a small object can be written", e);
        }
    }
}
