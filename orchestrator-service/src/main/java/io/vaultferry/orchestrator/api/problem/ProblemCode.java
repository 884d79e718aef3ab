package io.vaultferry.orchestrator.api.problem;

import java.util.Locale;

/**
 * Every kind of problem that the API answers with. 400 is a request that cannot be read as what the call takes, 422 one
 * that can be read but asks for something impossible, 409 one that does not fit the present state.
 */
public enum ProblemCode {
    MALFORMED_BODY(400, "The body is not readable"),
    UNKNOWN_FIELD(400, "The body has a field that this call does not know"),
    WRONG_TYPE(400, "A field has the wrong type"),
    BAD_REQUEST(400, "The request is not readable"),
    UNAUTHORIZED(401, "A key is needed"),
    FORBIDDEN(403, "Not allowed"),
    GRANT_REFUSED(403, "No access for this migration"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No representation fits the Accept header"),
    CONFLICT(409, "This does not fit the present state"),
    CONNECTION_IN_USE(409, "The connection is in use"),
    CONNECTION_DAMAGED(409, "What is stored of the connection is damaged"),
    CREDENTIALS_REJECTED(409, "The server no longer accepts the credentials"),
    ACTION_NOT_ALLOWED(409, "The action is not allowed now"),
    TARGET_BUSY(409, "The target is busy"),
    BODY_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not supported"),
    INVALID_FIELD(422, "A field is not acceptable"),
    WRONG_CREDENTIALS(422, "The server did not accept the credentials"),
    SECOND_FACTOR_REQUIRED(422, "A second factor is needed"),
    SERVER_UNREACHABLE(422, "The server cannot be reached"),
    FORBIDDEN_TARGET(422, "The address is not allowed"),
    UNSUPPORTED_SERVER(422, "The server cannot be used"),
    UNSUPPORTED_ENCRYPTION(422, "The account's encryption is not supported"),
    ORGANIZATION_NOT_FOUND(422, "The account does not see the organization"),
    RIGHTS_MISSING(422, "The account has not the rights that are needed"),
    SAME_ORGANIZATION(422, "Source and target are the same organization"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another request"),
    RATE_LIMITED(429, "Too many requests"),
    INTERNAL_ERROR(500, "Internal error"),
    UNAVAILABLE(503, "Not available now");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The problem type of RFC 9457, for example {@code urn:vaultferry:problem:connection-in-use}. */
    public String type() {
        return "urn:vaultferry:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
