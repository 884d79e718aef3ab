package io.vaultferry.attachment.persistence;

import io.vaultferry.attachment.domain.pace.PaceState;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What is known of the limits of servers, one row for each, by the database's clock. */
@ApplicationScoped
public class PaceRepository {

    private final Database database;

    PaceRepository(Database database) {
        this.database = database;
    }

    /**
     * What a change came to.
     *
     * @param now the database's time of the change
     */
    public record Changed<T>(T result, Instant now) {}

    private record Row(PaceState state, Instant now) {}

    /**
     * Changes what is known of a server, one instance after the other.
     *
     * @param origin names the server
     * @param change from what is known, and the time, to a result
     * @param after what is known then
     */
    public <T> Changed<T> change(
            String origin, BiFunction<PaceState, Instant, T> change, Function<T, PaceState> after) {
        return database.inTransaction(() -> {
            // The last few turns may be forgotten when the database crashes; nobody waits for the disk for them.
            database.query(row -> row.getString(1), "select set_config('synchronous_commit', 'off', true)");
            Row row = locked(origin);
            T result = change.apply(row.state(), row.now());
            store(origin, after.apply(result));
            return new Changed<>(result, row.now());
        });
    }

    private Row locked(String origin) {
        String statement = "select *, clock_timestamp() as now from target_pace where origin = ? for update";
        return database.queryOne(PaceRepository::row, statement, origin).orElseGet(() -> {
            database.update("""
                    insert into target_pace (origin, sure, since, sent, busy_seconds, refusals, not_before, next_turn,
                        latest_turn, epoch, window_start, window_sent, measured)
                    select ?, false, t, 0, 0, 0, t, t, t, 0, t, 0, 0 from clock_timestamp() t
                    on conflict do nothing""", origin);
            return database.queryOne(PaceRepository::row, statement, origin).orElseThrow();
        });
    }

    private void store(String origin, PaceState state) {
        database.update(
                """
                update target_pace set ceiling = ?, sure = ?, since = ?, sent = ?, busy_seconds = ?, refusals = ?,
                    not_before = ?, next_turn = ?, latest_turn = ?, epoch = ?, window_start = ?, window_sent = ?,
                    measured = ?
                where origin = ?""",
                state.ceiling().isPresent() ? state.ceiling().getAsDouble() : null,
                state.sure(),
                time(state.since()),
                state.sent(),
                state.busySeconds(),
                state.refusals(),
                time(state.notBefore()),
                time(state.nextTurn()),
                time(state.latestTurn()),
                state.epoch(),
                time(state.windowStart()),
                state.windowSent(),
                state.measured(),
                origin);
    }

    private static Row row(ResultSet row) throws SQLException {
        double ceiling = row.getDouble("ceiling");
        return new Row(
                new PaceState(
                        row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(ceiling),
                        row.getBoolean("sure"),
                        time(row, "since"),
                        row.getLong("sent"),
                        row.getDouble("busy_seconds"),
                        row.getInt("refusals"),
                        time(row, "not_before"),
                        time(row, "next_turn"),
                        time(row, "latest_turn"),
                        row.getLong("epoch"),
                        time(row, "window_start"),
                        row.getLong("window_sent"),
                        row.getDouble("measured")),
                time(row, "now"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
