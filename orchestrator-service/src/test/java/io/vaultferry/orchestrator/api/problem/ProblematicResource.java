package io.vaultferry.orchestrator.api.problem;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;

/** Calls that go wrong in every way. */
@Path("/api/v1/problematic")
@Produces(MediaType.APPLICATION_JSON)
public class ProblematicResource {

    static final String SECRET = "canary-b41d8c6e5f";

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Body echo(@NotNull(message = "Send a JSON object.") @Valid Body body) {
        return body;
    }

    @GET
    @Path("conflict")
    public String conflict() {
        throw ProblemException.of(ProblemCode.ACTION_NOT_ALLOWED, "Not now.")
                .with("allowedActions", List.of("pause", "cancel"));
    }

    @GET
    @Path("limited")
    public String limited() {
        throw ProblemException.of(ProblemCode.RATE_LIMITED, "Slowly.").retryAfter(Duration.ofMillis(1500));
    }

    @GET
    @Path("defect")
    public String defect() {
        throw new IllegalStateException(SECRET);
    }

    /** A body with one field of each kind. */
    public record Body(
            @NotNull(message = "Give a name.") @Size(max = 5, message = "At most 5 characters.")
            String name,

            Integer number,
            Boolean flag,
            Color color,
            @Valid Inner inner) {}

    /** A field within a field. */
    public record Inner(@NotNull(message = "Give a text.") String text) {}

    /** A closed set. */
    public enum Color {
        RED,
        GREEN
    }
}
