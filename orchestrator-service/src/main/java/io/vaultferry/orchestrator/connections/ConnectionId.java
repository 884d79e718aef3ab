package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.UUID;

/** Identifies one connection: one account on one server. */
public record ConnectionId(@JsonValue UUID value) {

    public ConnectionId {
        Objects.requireNonNull(value, "value");
    }

    public static ConnectionId make() {
        return new ConnectionId(UUID.randomUUID());
    }

    /**
     * Reads the canonical text form.
     *
     * @throws IllegalArgumentException when the text is not a UUID
     */
    @JsonCreator
    public static ConnectionId of(String text) {
        return new ConnectionId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
