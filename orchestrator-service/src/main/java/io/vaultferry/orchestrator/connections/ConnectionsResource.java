package io.vaultferry.orchestrator.connections;

import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.custody.SealBrokenException;
import io.vaultferry.orchestrator.migration.MigrationAccess;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Connections: one account on one server each. */
@Path("/api/v1/connections")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Connections", description = "Accounts on servers, in custody for migrations.")
public class ConnectionsResource {

    private static final Logger LOG = Logger.getLogger(ConnectionsResource.class);
    private static final String PASSWORD_EXAMPLE = """
            {"name": "Old server", "serverUrl": "https://vault.example.com", "credentials": {"type": "password", \
            "email": "owner@example.com", "masterPassword": "...", "totp": "123456"}}""";
    private static final String API_KEY_EXAMPLE = """
            {"name": "New server", "serverUrl": "https://vault.example.org", "credentials": {"type": "apiKey", \
            "clientId": "user.7b0c1f5e-6a53-4a5e-9d0e-0f7d3f4c9a11", "clientSecret": "...", "masterPassword": "..."}}""";

    private final MakingConnection making;
    private final ConnectionStore store;
    private final AccountSessions sessions;
    private final MigrationAccess migrations;

    ConnectionsResource(
            MakingConnection making, ConnectionStore store, AccountSessions sessions, MigrationAccess migrations) {
        this.making = making;
        this.store = store;
        this.sessions = sessions;
        this.migrations = migrations;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Connect to an account",
            description = "Logs in and unlocks the account's keys. The master password is used once and not stored.")
    @APIResponse(responseCode = "201", description = "Connected")
    @APIResponse(responseCode = "422", description = "A problem that names the field at fault and what to do")
    @APIResponse(responseCode = "429", description = "The server limits logins; see Retry-After")
    public Response make(
            @RequestBody(
                            content =
                                    @Content(
                                            examples = {
                                                @ExampleObject(name = "password", value = PASSWORD_EXAMPLE),
                                                @ExampleObject(name = "apiKey", value = API_KEY_EXAMPLE)
                                            }))
                    @NotNull(message = "Send a JSON object.")
                    @Valid
                    ConnectionRequest request) {
        try {
            ConnectionRecord connection = making.make(request);
            return Response.created(URI.create("/api/v1/connections/" + connection.id()))
                    .entity(ConnectionView.of(connection))
                    .build();
        } finally {
            request.forgetPassword();
        }
    }

    @GET
    @Operation(summary = "List connections")
    public List<ConnectionView> list() {
        return store.all().stream()
                .map(entry -> switch (entry) {
                    case ConnectionStore.Intact readable -> ConnectionView.of(readable.connection());
                    case ConnectionStore.Damaged damaged -> ConnectionView.damaged(damaged.id(), damaged.createdAt());
                })
                .toList();
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a connection")
    @APIResponse(responseCode = "404", description = "There is no such connection")
    public ConnectionView show(@PathParam("id") String id) {
        return ConnectionView.of(require(idOf(id)));
    }

    @PUT
    @Path("{id}/credentials")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Give a connection new credentials",
            description =
                    "For the same account: after its password was changed, its API key rotated or its sessions ended."
                            + " A migration that waits for credentials goes on by its action retry.")
    @APIResponse(responseCode = "200", description = "The account is connected again")
    @APIResponse(responseCode = "404", description = "There is no such connection")
    @APIResponse(responseCode = "422", description = "A problem that names the field at fault and what to do")
    @APIResponse(responseCode = "429", description = "The server limits logins; see Retry-After")
    public ConnectionView renew(
            @PathParam("id") String id, @NotNull(message = "Send a JSON object.") @Valid RenewalRequest request) {
        try {
            ConnectionRecord connection = require(idOf(id));
            return making.renew(connection, request.credentials())
                    .map(ConnectionView::of)
                    .orElseThrow(() -> notFound());
        } finally {
            request.forgetPassword();
        }
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Forget a connection",
            description = "Destroys the key that its credentials are sealed with. The server is not told.")
    @APIResponse(responseCode = "204", description = "Forgotten")
    @APIResponse(responseCode = "409", description = "A migration that has not ended uses it")
    public void forget(@PathParam("id") String id) {
        ConnectionId connection = idOf(id);
        boolean found = store.forget(connection, () -> {
            if (migrations.isInUse(connection)) {
                throw ProblemException.of(
                        ProblemCode.CONNECTION_IN_USE,
                        "A migration that has not ended uses this connection. Let it end, or cancel it first.");
            }
        });
        if (!found) {
            throw notFound();
        }
        sessions.end(connection);
        LOG.infof("connection %s forgotten", connection);
    }

    private ConnectionRecord require(ConnectionId id) {
        try {
            return store.find(id).orElseThrow(() -> notFound());
        } catch (SealBrokenException e) {
            throw ProblemException.of(
                    ProblemCode.CONNECTION_DAMAGED,
                    "What is stored of the connection was altered or damaged, and is not used. Delete it and make a new"
                            + " one.");
        }
    }

    private static ConnectionId idOf(String text) {
        try {
            return ConnectionId.of(text);
        } catch (IllegalArgumentException e) {
            throw notFound();
        }
    }

    private static ProblemException notFound() {
        return ProblemException.of(
                ProblemCode.NOT_FOUND, "There is no connection of this id. See GET /api/v1/connections.");
    }
}
