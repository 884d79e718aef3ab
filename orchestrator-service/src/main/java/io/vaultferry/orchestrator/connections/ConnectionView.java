package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the API says about a connection: nothing secret.
 *
 * @param state DAMAGED when what is stored does not open; it can then only be deleted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A connection. Its credentials are kept sealed and never shown.")
record ConnectionView(
        ConnectionId id,
        String name,
        State state,
        Server server,
        Account account,
        List<Organization> organizations,
        Instant createdAt) {

    enum State {
        READY,
        DAMAGED
    }

    record Server(String url, String kind, String version) {}

    record Account(String email) {}

    record Organization(String id, String name, String role, String status, boolean enabled) {}

    static ConnectionView of(ConnectionRecord connection) {
        return new ConnectionView(
                connection.id(),
                connection.name(),
                State.READY,
                new Server(
                        connection.serverUrl(),
                        connection.server().kind(),
                        connection.server().version()),
                new Account(connection.email()),
                connection.organizations().stream()
                        .map(organization -> new Organization(
                                organization.id(),
                                organization.name(),
                                organization.role().name(),
                                organization.status().name(),
                                organization.enabled()))
                        .toList(),
                connection.createdAt());
    }

    static ConnectionView damaged(ConnectionId id, Instant createdAt) {
        return new ConnectionView(id, null, State.DAMAGED, null, null, null, createdAt);
    }
}
