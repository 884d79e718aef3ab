package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vaultferry.orchestrator.custody.ConnectionKeys;
import io.vaultferry.orchestrator.custody.Seal;
import io.vaultferry.orchestrator.custody.SealBrokenException;
import io.vaultferry.orchestrator.custody.UnknownKeyException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps connections: the record sealed in the database, its key in the key vault. A record without its key is forgotten
 * and counts as deleted, so that deleting is done the moment the key is destroyed.
 */
@ApplicationScoped
class ConnectionStore {

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ConnectionTable table;
    private final ConnectionKeys keys;

    ConnectionStore(ConnectionTable table, ConnectionKeys keys) {
        this.table = table;
        this.keys = keys;
    }

    /** Adds a connection; leaves nothing behind when that fails. */
    void add(ConnectionRecord connection) {
        keys.make(connection.id().value());
        try {
            table.insert(connection.id(), seal(connection), connection.createdAt());
        } catch (RuntimeException e) {
            keys.destroy(connection.id().value());
            throw e;
        }
    }

    /**
     * Changes a connection's record, while nobody else changes it. Does nothing when it has been deleted meanwhile.
     *
     * @return the record as it is now
     */
    @Transactional
    Optional<ConnectionRecord> change(ConnectionId id, UnaryOperator<ConnectionRecord> change) {
        Optional<ConnectionRecord> changed = table.lockForChange(id) ? find(id).map(change) : Optional.empty();
        changed.ifPresent(connection -> table.update(id, seal(connection)));
        return changed;
    }

    /** Keeps the connection from being deleted until the caller's transaction ends; false when there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean hold(ConnectionId id) {
        return table.lockForUse(id);
    }

    /**
     * Forgets a connection. Its key goes first: whatever happens then, and whatever a backup holds, the record can never be
     * opened again.
     *
     * @param permitted asked while nobody can begin to use the connection; ends this by an exception
     * @return false when there is none
     */
    @Transactional
    boolean forget(ConnectionId id, Runnable permitted) {
        if (!table.lockForChange(id)) {
            return false;
        }
        permitted.run();
        keys.destroy(id.value());
        table.delete(id);
        return true;
    }

    /** @throws SealBrokenException when what is stored was altered */
    Optional<ConnectionRecord> find(ConnectionId id) {
        return table.find(id).flatMap(this::open);
    }

    /** All connections, oldest first. */
    List<Entry> all() {
        return table.all().stream().flatMap(row -> entry(row).stream()).toList();
    }

    private Optional<Entry> entry(ConnectionTable.Row row) {
        try {
            return open(row).map(Intact::new);
        } catch (SealBrokenException e) {
            return Optional.of(new Damaged(row.id(), row.createdAt()));
        }
    }

    private SealedBytes seal(ConnectionRecord connection) {
        Seal seal = keys.seal(connection.id().value());
        byte[] json;
        try {
            json = mapper.writeValueAsBytes(connection);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "a connection is not encodable: " + e.getClass().getSimpleName());
        }
        try {
            return new SealedBytes(seal.seal(json, whatIs(connection.id())));
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private Optional<ConnectionRecord> open(ConnectionTable.Row row) {
        byte[] json;
        try {
            json = keys.seal(row.id().value()).open(row.sealed().bytes(), whatIs(row.id()));
        } catch (UnknownKeyException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(mapper.readValue(json, ConnectionRecord.class));
        } catch (IOException e) {
            // Without its cause: Jackson's messages quote what they could not read.
            throw new IllegalStateException("the record of connection " + row.id() + " is not readable: "
                    + e.getClass().getSimpleName());
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private static String whatIs(ConnectionId id) {
        return "connection|" + id + "|v1";
    }

    /** One connection of a list. */
    sealed interface Entry {}

    record Intact(ConnectionRecord connection) implements Entry {}

    /** What is stored does not open. */
    record Damaged(ConnectionId id, Instant createdAt) implements Entry {}
}
