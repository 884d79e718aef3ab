package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.UUID;

/** Identifies one migration, which is one saga instance, and is the Kafka record key of all its messages. */
public record MigrationId(@JsonValue UUID value) {

    public MigrationId {
        Objects.requireNonNull(value, "value");
    }

    /** Makes a random id. */
    public static MigrationId make() {
        return new MigrationId(UUID.randomUUID());
    }

    /**
     * Reads the canonical text form.
     *
     * @throws IllegalArgumentException when the text is not a UUID
     */
    @JsonCreator
    public static MigrationId of(String text) {
        return new MigrationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
