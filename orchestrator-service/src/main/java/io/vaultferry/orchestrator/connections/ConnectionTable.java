package io.vaultferry.orchestrator.connections;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The table of connections, which sees sealed bytes only. */
@ApplicationScoped
class ConnectionTable {

    private final DataSource dataSource;

    ConnectionTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Transactional
    void insert(ConnectionId id, SealedBytes sealed, Instant createdAt) {
        execute("INSERT INTO connection (id, sealed, created_at) VALUES (?, ?, ?)", statement -> {
            statement.setObject(1, id.value());
            statement.setBytes(2, sealed.bytes());
            statement.setObject(3, OffsetDateTime.ofInstant(createdAt, ZoneOffset.UTC));
            return statement.executeUpdate();
        });
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void update(ConnectionId id, SealedBytes sealed) {
        execute("UPDATE connection SET sealed = ? WHERE id = ?", statement -> {
            statement.setBytes(1, sealed.bytes());
            statement.setObject(2, id.value());
            return statement.executeUpdate();
        });
    }

    @Transactional
    Optional<Row> find(ConnectionId id) {
        return execute("SELECT id, sealed, created_at FROM connection WHERE id = ?", statement -> {
            statement.setObject(1, id.value());
            return rows(statement).stream().findFirst();
        });
    }

    @Transactional
    List<Row> all() {
        return execute("SELECT id, sealed, created_at FROM connection ORDER BY created_at, id", ConnectionTable::rows);
    }

    /** Keeps others from changing, and from beginning to use the connection until the transaction ends; false when there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean lockForChange(ConnectionId id) {
        return exists("SELECT 1 FROM connection WHERE id = ? FOR UPDATE", id);
    }

    /** Keeps the connection from being deleted until the transaction ends; false when there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean lockForUse(ConnectionId id) {
        return exists("SELECT 1 FROM connection WHERE id = ? FOR KEY SHARE", id);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void delete(ConnectionId id) {
        execute("DELETE FROM connection WHERE id = ?", statement -> {
            statement.setObject(1, id.value());
            return statement.executeUpdate();
        });
    }

    private boolean exists(String sql, ConnectionId id) {
        return execute(sql, statement -> {
            statement.setObject(1, id.value());
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        });
    }

    private static List<Row> rows(PreparedStatement statement) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(new Row(
                        new ConnectionId(result.getObject(1, UUID.class)),
                        new SealedBytes(result.getBytes(2)),
                        result.getObject(3, OffsetDateTime.class).toInstant()));
            }
        }
        return rows;
    }

    private <T> T execute(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("the database refused: " + sql, e);
        }
    }

    record Row(ConnectionId id, SealedBytes sealed, Instant createdAt) {}

    @FunctionalInterface
    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }
}
