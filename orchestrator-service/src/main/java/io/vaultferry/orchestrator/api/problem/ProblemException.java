package io.vaultferry.orchestrator.api.problem;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Ends a call with a problem document. Its text goes to the caller as it is: it must hold no secret and no content of the
 * request.
 */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient Problem problem;
    private final Duration retryAfter;

    private ProblemException(ProblemCode code, Problem problem, Duration retryAfter) {
        super(code + ": " + problem.detail(), null, false, true);
        this.code = code;
        this.problem = Objects.requireNonNull(problem, "problem");
        this.retryAfter = retryAfter;
    }

    /** A problem of the request as a whole. */
    public static ProblemException of(ProblemCode code, String detail) {
        return new ProblemException(code, Problem.of(code, detail), null);
    }

    /**
     * A problem of one field.
     *
     * @param field its path in the body, for example {@code source.connection}
     */
    public static ProblemException ofField(ProblemCode code, String field, String detail) {
        return new ProblemException(
                code, Problem.of(code, detail, List.of(new Problem.FieldError(field, detail))), null);
    }

    /** A problem of several fields. */
    public static ProblemException ofFields(ProblemCode code, String detail, List<Problem.FieldError> errors) {
        return new ProblemException(code, Problem.of(code, detail, errors), null);
    }

    /** Adds a member to the document, for example {@code allowedActions}. */
    public ProblemException with(String member, Object value) {
        return new ProblemException(code, problem.with(member, value), retryAfter);
    }

    /** Adds the {@code Retry-After} header, rounded up to whole seconds. */
    public ProblemException retryAfter(Duration delay) {
        return new ProblemException(code, problem, delay);
    }

    public ProblemCode code() {
        return code;
    }

    public Problem problem() {
        return problem;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
