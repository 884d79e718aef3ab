package io.vaultferry.orchestrator.access;

import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.api.problem.ProblemResponse;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Signing in to the dashboard and out of it. */
@Path(SessionResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Session", description = "For the dashboard, which cannot send a key with every call. Programs need none.")
public class SessionResource {

    static final String PATH = "/api/v1/session";

    private static final Logger LOG = Logger.getLogger(SessionResource.class);

    private final AdminKey adminKey;
    private final Sessions sessions;
    private final SignInPauses pauses;

    SessionResource(AdminKey adminKey, Sessions sessions, SignInPauses pauses) {
        this.adminKey = adminKey;
        this.sessions = sessions;
        this.pauses = pauses;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sign in",
            description = "Sets a cookie that calls of the same origin are admitted with. A call that changes something"
                    + " needs the header " + SameOrigin.REQUEST_HEADER + " then, and this one does too.")
    @APIResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = SessionView.class)))
    @APIResponse(responseCode = "401", description = "This is not the admin key")
    @APIResponse(responseCode = "403", description = "The call does not come from the dashboard")
    @APIResponse(responseCode = "429", description = "A wrong key was shown a moment ago; see Retry-After")
    public Response begin(
            @NotNull(message = "Send a JSON object.") @Valid SessionRequest request,
            @Context HttpServerRequest connection,
            @Context UriInfo uri) {
        String address = connection.remoteAddress().hostAddress();
        pauses.left(address).ifPresent(SessionResource::refuseForNow);
        if (!adminKey.is(request.key().strip())) {
            pauses.failed(address);
            LOG.warn("a wrong admin key was shown to sign in");
            String detail = "This is not the admin key. ./ferry up keeps it in DIR/admin.key.";
            return ProblemResponse.of(Problem.of(
                            ProblemCode.UNAUTHORIZED, detail, List.of(new Problem.FieldError("key", detail))))
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"vaultferry\"")
                    .build();
        }
        pauses.succeeded(address);
        return Response.ok(new SessionView(true, Instant.now().plus(sessions.lifetime())))
                .cookie(SessionCookie.of(sessions.begin(), sessions.lifetime(), isSecure(uri)))
                .build();
    }

    @GET
    @Operation(summary = "Say whether the session goes on", description = "Answers without a session too.")
    public SessionView show(@Context HttpHeaders headers) {
        Optional<Instant> end = SessionCookie.idIn(headers).flatMap(sessions::use);
        return new SessionView(end.isPresent(), end.orElse(null));
    }

    @DELETE
    @Operation(summary = "Sign out")
    @APIResponse(responseCode = "204", description = "Signed out")
    public Response end(@Context HttpHeaders headers, @Context UriInfo uri) {
        SessionCookie.idIn(headers).ifPresent(sessions::end);
        return Response.noContent().cookie(SessionCookie.ended(isSecure(uri))).build();
    }

    private static void refuseForNow(Duration left) {
        String detail = "A wrong key was shown a moment ago. Try again in " + (left.toSeconds() + 1) + " s.";
        throw ProblemException.ofField(ProblemCode.RATE_LIMITED, "key", detail).retryAfter(left);
    }

    private static boolean isSecure(UriInfo uri) {
        return "https".equalsIgnoreCase(uri.getRequestUri().getScheme());
    }
}
