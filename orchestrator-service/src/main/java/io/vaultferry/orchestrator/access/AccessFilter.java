package io.vaultferry.orchestrator.access;

import io.vaultferry.contracts.Participant;
import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemResponse;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Admits operators to the API and participants to the internal API. Runs before a resource is looked for, so that a path
 * that nobody thought of is closed too. Health, metrics, the OpenAPI document and the files of the dashboard, which hold no
 * data, are not served by REST and stay open; the service binds them to where it listens.
 */
class AccessFilter {

    private static final String INTERNAL = "/internal/";

    private final Instance<AdminCredential> adminCredentials;
    private final InternalCallers internalCallers;
    private final Caller caller;

    AccessFilter(Instance<AdminCredential> adminCredentials, InternalCallers internalCallers, Caller caller) {
        this.adminCredentials = adminCredentials;
        this.internalCallers = internalCallers;
        this.caller = caller;
    }

    @ServerRequestFilter(preMatching = true)
    @Priority(Priorities.AUTHENTICATION)
    public Optional<Response> authenticate(ContainerRequestContext request) {
        if (request.getUriInfo().getPath().startsWith(INTERNAL)) {
            Optional<Participant> participant = internalCallers.callerOf(request);
            participant.ifPresent(caller::is);
            return participant.isPresent()
                    ? Optional.empty()
                    : Optional.of(refused("vaultferry-internal", "Only Vaultferry's own services may call this."));
        }
        if (isSignIn(request)) {
            return changes(request) && !SameOrigin.isProvenBy(request) ? Optional.of(forged()) : Optional.empty();
        }
        List<AdminCredential> shown = adminCredentials.stream()
                .filter(credential -> credential.isShownBy(request))
                .toList();
        if (shown.isEmpty()) {
            return Optional.of(refused(
                    "vaultferry",
                    "Send the admin key: \"Authorization: Bearer KEY\". ./ferry up keeps it in"
                            + " DIR/admin.key; its SHA-256 is configured as vaultferry.admin.key-sha256."));
        }
        boolean isProgram = shown.stream().anyMatch(credential -> !credential.isSentUnasked());
        return isProgram || !changes(request) || SameOrigin.isProvenBy(request)
                ? Optional.empty()
                : Optional.of(forged());
    }

    /** Nobody has a session before he signs in, and everybody may ask whether he has one. */
    private static boolean isSignIn(ContainerRequestContext request) {
        return request.getUriInfo().getPath().equals(SessionResource.PATH)
                && (request.getMethod().equals(HttpMethod.GET)
                        || request.getMethod().equals(HttpMethod.POST));
    }

    private static boolean changes(ContainerRequestContext request) {
        return switch (request.getMethod()) {
            case HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS -> false;
            default -> true;
        };
    }

    private static Response forged() {
        return ProblemResponse.of(Problem.of(
                        ProblemCode.FORBIDDEN,
                        "With a session, only the dashboard itself may change something: a request of the same origin"
                                + " with the header " + SameOrigin.REQUEST_HEADER
                                + ". Programs send the admin key as a bearer token."))
                .build();
    }

    private static Response refused(String realm, String detail) {
        return ProblemResponse.of(Problem.of(ProblemCode.UNAUTHORIZED, detail))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"" + realm + "\"")
                .build();
    }
}
