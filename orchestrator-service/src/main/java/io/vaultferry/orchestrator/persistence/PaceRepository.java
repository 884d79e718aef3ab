package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers what steps reported within the last seconds. In the database, so that the pace is the same whichever orchestrator is
 * asked and a restart changes nothing; by its clock, so that a step that reports nothing any more slows down to 0 by itself.
 */
@ApplicationScoped
class PaceRepository {

    /** Long enough for a file of some size to be seen moving, and short enough to notice soon that nothing does. */
    static final Duration WINDOW = Duration.ofSeconds(30);

    /**
     * Joins to each row {@code s} of {@code migration_step} the numbers that it had when the window began, or else its first
     * ones, and how many seconds ago that was. {@link #read} reads the result.
     */
    static final String JOIN = """
            left join lateral (
                select base.done as done_before, base.bytes_done as bytes_done_before,
                    least(%1$d, extract(epoch from clock_timestamp() - base.at))::double precision as pace_seconds
                from step_sample base
                where base.migration_id = s.migration_id and base.step = s.step
                order by case when base.at <= clock_timestamp() - interval '%1$d seconds' then base.at end desc nulls last,
                    base.at
                limit 1
            ) pace on true
            """.formatted(WINDOW.toSeconds());

    private final Database database;

    PaceRepository(Database database) {
        this.database = database;
    }

    /** The pace in a row that was selected with {@link #JOIN}; empty when the step has not reported anything. */
    static Optional<Pace> read(ResultSet row) throws SQLException {
        double seconds = row.getDouble("pace_seconds");
        if (row.wasNull()) {
            return Optional.empty();
        }
        // Right after the first report a second is a better guess than the moment that has passed.
        double over = Math.max(1, seconds);
        return Optional.of(new Pace(
                Math.max(0, row.getLong("done") - row.getLong("done_before")) / over,
                Math.max(0, row.getLong("bytes_done") - row.getLong("bytes_done_before")) / over));
    }

    /** Numbers that are the same as the last ones are not remembered again: the time since then counts. */
    void note(StepProgressed progress) {
        int noted = database.update(
                """
                insert into step_sample (migration_id, step, at, done, bytes_done)
                select ?, ?, clock_timestamp(), ?, ?
                where not exists (
                    select 1 from (select done, bytes_done from step_sample where migration_id = ? and step = ?
                                   order by at desc limit 1) as latest
                    where (latest.done, latest.bytes_done) = (?, ?))
                """,
                progress.migrationId().value(),
                progress.step().name(),
                progress.done(),
                progress.bytesDone(),
                progress.migrationId().value(),
                progress.step().name(),
                progress.done(),
                progress.bytesDone());
        if (noted > 0) {
            database.update("""
                    delete from step_sample old where old.migration_id = ? and old.step = ? and exists (
                        select 1 from step_sample later
                        where later.migration_id = old.migration_id and later.step = old.step and later.at > old.at
                          and later.at <= clock_timestamp() - ? * interval '1 second')
                    """, progress.migrationId().value(), progress.step().name(), WINDOW.toSeconds());
        }
    }

    /** A step that begins anew or has ended has no pace. */
    void forget(MigrationId migration, Step step) {
        database.update("delete from step_sample where migration_id = ? and step = ?", migration.value(), step.name());
    }
}
