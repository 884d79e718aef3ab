package io.vaultferry.orchestrator.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** Writes problem documents. */
public final class ProblemResponse {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private ProblemResponse() {}

    /** The answer for a problem; headers may be added. */
    public static Response.ResponseBuilder of(Problem problem) {
        try {
            return Response.status(problem.status())
                    .type(Problem.MEDIA_TYPE)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .entity(MAPPER.writeValueAsBytes(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem document is always encodable", e);
        }
    }

    static Response of(ProblemException exception) {
        Response.ResponseBuilder response = of(exception.problem());
        exception.retryAfter().ifPresent(delay -> response.header(HttpHeaders.RETRY_AFTER, wholeSeconds(delay)));
        return response.build();
    }

    private static long wholeSeconds(Duration delay) {
        return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
    }
}
