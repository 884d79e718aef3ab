package io.vaultferry.orchestrator.api.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A problem document of RFC 9457.
 *
 * @param detail what is wrong and what to do, in words that repeat nothing secret
 * @param instance names this one occurrence where the log holds more about it; null otherwise
 * @param errors the fields at fault
 * @param extensions further members, for example the actions that are allowed now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        String instance,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
        @JsonAnyGetter Map<String, Object> extensions) {

    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        Objects.requireNonNull(detail, "detail");
        errors = List.copyOf(errors);
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /** A problem without fields. */
    public static Problem of(ProblemCode code, String detail) {
        return of(code, detail, List.of());
    }

    /** A problem with the fields at fault. */
    public static Problem of(ProblemCode code, String detail, List<FieldError> errors) {
        return new Problem(code.type(), code.title(), code.status(), code.name(), detail, null, errors, Map.of());
    }

    Problem withInstance(String value) {
        return new Problem(type, title, status, code, detail, value, errors, extensions);
    }

    Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(type, title, status, code, detail, instance, errors, more);
    }

    /**
     * One field at fault.
     *
     * @param field its path in the body, for example {@code credentials.masterPassword}; or the parameter's name
     */
    public record FieldError(String field, String detail) {}
}
