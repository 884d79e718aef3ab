package io.vaultferry.orchestrator.access;

import io.vaultferry.contracts.Participant;
import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemResponse;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Admits operators to the API and participants to the internal API. Runs before a resource is looked for, so that a path
 * that nobody thought of is closed too. Health, metrics and the OpenAPI document are not served by REST and stay open;
 * the service binds them to where it listens.
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
        return adminCredentials.stream().anyMatch(credential -> credential.isShownBy(request))
                ? Optional.empty()
                : Optional.of(refused(
                        "vaultferry",
                        "Send the admin key: \"Authorization: Bearer KEY\". ./ferry up keeps it in"
                                + " DIR/admin.key; its SHA-256 is configured as vaultferry.admin.key-sha256."));
    }

    private static Response refused(String realm, String detail) {
        return ProblemResponse.of(Problem.of(ProblemCode.UNAUTHORIZED, detail))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"" + realm + "\"")
                .build();
    }
}
