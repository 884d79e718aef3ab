package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;

/** The call is answered with an error. How that looks on the wire, the server's kind decides. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    enum Kind {
        /** No valid token, or no right to do this. */
        UNAUTHENTICATED,
        /** There is such an endpoint, and the caller may not know whether there is such an object. */
        HIDDEN,
        /** Understood and refused; the message says why. */
        INVALID,
        /** JSON of the wrong shape. */
        UNPROCESSABLE,
        /** Not JSON, or not a form. */
        MALFORMED,
        TOO_LARGE,
        NO_SUCH_ENDPOINT,
        /** The real server fails here without knowing why. */
        BROKEN,
        /** Refused with a body of its own. */
        SPECIAL
    }

    private final Kind kind;
    private final transient JsonNode body;

    private Refusal(Kind kind, String message, JsonNode body) {
        super(message, null, false, false);
        this.kind = kind;
        this.body = body;
    }

    static Refusal unauthenticated() {
        return new Refusal(Kind.UNAUTHENTICATED, "unauthenticated", null);
    }

    static Refusal hidden() {
        return new Refusal(Kind.HIDDEN, "Resource not found.", null);
    }

    static Refusal invalid(String message) {
        return new Refusal(Kind.INVALID, message, null);
    }

    static Refusal unprocessable() {
        return new Refusal(Kind.UNPROCESSABLE, "unprocessable", null);
    }

    static Refusal malformed() {
        return new Refusal(Kind.MALFORMED, "malformed", null);
    }

    static Refusal tooLarge() {
        return new Refusal(Kind.TOO_LARGE, "too large", null);
    }

    static Refusal noSuchEndpoint() {
        return new Refusal(Kind.NO_SUCH_ENDPOINT, "no such endpoint", null);
    }

    static Refusal broken() {
        return new Refusal(Kind.BROKEN, "broken", null);
    }

    static Refusal special(JsonNode body) {
        return new Refusal(Kind.SPECIAL, "special", body);
    }

    Kind kind() {
        return kind;
    }

    JsonNode body() {
        return body;
    }
}
