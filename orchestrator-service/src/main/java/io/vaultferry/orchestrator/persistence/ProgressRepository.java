package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How far migrations are that somebody works on: those that run and those that are taken back. */
@ApplicationScoped
public class ProgressRepository {

    private final Database database;

    ProgressRepository(Database database) {
        this.database = database;
    }

    /**
     * One step over all of these migrations. A step that has been answered counts as done with everything, as its last
     * report may be older than its answer.
     */
    public record StepSums(long done, long total, long bytesDone, long bytesTotal) {

        private static final StepSums NONE = new StepSums(0, 0, 0, 0);
    }

    /** The sums of each step; every step is there. */
    public Map<Step, StepSums> sums() {
        Map<Step, StepSums> sums = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            sums.put(step, StepSums.NONE);
        }
        database.query(
                row -> sums.put(
                        Columns.constant(row, "step", Step.class),
                        new StepSums(
                                row.getLong("done"),
                                row.getLong("total"),
                                row.getLong("bytes_done"),
                                row.getLong("bytes_total"))),
                """
                select s.step,
                    sum(case when s.status in ('DONE', 'UNDONE') then greatest(s.done, s.total) else s.done end) as done,
                    sum(greatest(s.done, s.total)) as total,
                    sum(case when s.status in ('DONE', 'UNDONE') then greatest(s.bytes_done, s.bytes_total)
                        else s.bytes_done end) as bytes_done,
                    sum(greatest(s.bytes_done, s.bytes_total)) as bytes_total
                from migration m join migration_step s on s.migration_id = m.id
                where m.status in ('RUNNING', 'COMPENSATING') and s.started_at is not null
                group by s.step
                """);
        return sums;
    }

    /**
     * Seconds, by the database's clock, since the migration advanced that has not for the longest time: since its numbers
     * changed, a step was asked for or one was answered. Empty when nobody works on a migration.
     */
    public Optional<Double> longestStandstill() {
        return database.queryOne(row -> Optional.ofNullable(row.getObject("seconds", Double.class)), """
                        select max(extract(epoch from clock_timestamp() - at))::double precision as seconds
                        from (
                            select greatest(m.created_at, max(greatest(s.attempt_at, s.advanced_at, s.finished_at))) as at
                            from migration m join migration_step s on s.migration_id = m.id
                            where m.status in ('RUNNING', 'COMPENSATING')
                            group by m.id
                        ) as last_advance
                        """)
                .flatMap(seconds -> seconds);
    }
}
