package io.vaultferry.orchestrator.grants;

import io.vaultferry.claimcheck.GrantSeal;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.contracts.grant.GrantRequest;
import io.vaultferry.orchestrator.access.Caller;
import io.vaultferry.orchestrator.access.InternalCallers;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

/** The internal API: grants for participants, sealed for the one that asks. */
@Path("/internal/v1/migrations/{id}/grants/{side}")
public class GrantsResource {

    private static final Logger LOG = Logger.getLogger(GrantsResource.class);

    private final MakingGrant making;
    private final InternalCallers callers;
    private final Caller caller;

    GrantsResource(MakingGrant making, InternalCallers callers, Caller caller) {
        this.making = making;
        this.callers = callers;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(hidden = true)
    public byte[] make(@PathParam("id") String id, @PathParam("side") String side, GrantRequest request) {
        Participant participant = caller.participant();
        MigrationId migration = migrationOf(id);
        Grant grant = making.make(
                migration,
                sideOf(side),
                participant,
                Optional.ofNullable(request).map(GrantRequest::rejectedTokenSha256));
        LOG.debugf("granted the %s of migration %s to %s", grant.side(), migration, participant.serviceName());
        return new GrantSeal(callers.tokenOf(participant), participant).seal(migration, grant);
    }

    private static MigrationId migrationOf(String text) {
        try {
            return MigrationId.of(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no migration of this id.");
        }
    }

    private static Side sideOf(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "SOURCE" -> Side.SOURCE;
            case "TARGET" -> Side.TARGET;
            default -> throw ProblemException.of(ProblemCode.NOT_FOUND, "A side is source or target.");
        };
    }
}
