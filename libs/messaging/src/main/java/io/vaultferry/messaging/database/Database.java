package io.vaultferry.messaging.database;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The service's database. Statements join the current transaction; without one each commits by itself. Thread-safe. */
public final class Database {

    private static final int SECONDS_TO_ANSWER = 5;

    private final DataSource dataSource;

    public Database(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs the work in a new transaction. An exception rolls it back. */
    public <T> T inTransaction(Supplier<T> work) {
        return QuarkusTransaction.requiringNew().call(work::get);
    }

    /** Runs the work in a new transaction. An exception rolls it back. */
    public void inTransaction(Runnable work) {
        QuarkusTransaction.requiringNew().run(work);
    }

    /** A connection for someone who commits by himself. */
    public Connection connection() throws SQLException {
        return dataSource.getConnection();
    }

    /**
     * Runs a statement that changes rows.
     *
     * @return how many rows it changed
     * @throws DatabaseException when the database refuses or cannot be reached
     */
    public int update(String sql, Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Sets a statement's parameters for one row. */
    @FunctionalInterface
    public interface RowBinder<T> {
        void bind(PreparedStatement statement, T row) throws SQLException;
    }

    /**
     * Runs a statement for each of the rows, in few round trips.
     *
     * @throws DatabaseException when the database refuses or cannot be reached
     */
    public <T> void batch(String sql, Iterable<T> rows, RowBinder<T> binder) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T row : rows) {
                binder.bind(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /**
     * Runs a query.
     *
     * @throws DatabaseException when the database refuses or cannot be reached
     */
    public <T> List<T> query(RowReader<T> reader, String sql, Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            List<T> rows = new ArrayList<>();
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    rows.add(reader.read(results));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Runs a query for at most one row. */
    public <T> Optional<T> queryOne(RowReader<T> reader, String sql, Object... parameters) {
        return query(reader, sql, parameters).stream().findFirst();
    }

    /** Whether the database can be reached now. After a failure this tells an outage from a defect. */
    public boolean answers() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid(SECONDS_TO_ANSWER);
        } catch (SQLException e) {
            return false;
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
