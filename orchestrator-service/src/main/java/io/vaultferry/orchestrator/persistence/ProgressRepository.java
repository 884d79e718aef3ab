package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far migrations are that somebody works on: those that run and those that are taken back. */
@ApplicationScoped
public class ProgressRepository {

    private final Database database;
    private final SagaDataJson json;

    ProgressRepository(Database database, SagaDataJson json) {
        this.database = database;
        this.json = json;
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
     * What is left of transfers that are under way.
     *
     * @param files not finished, whether somebody works on them or not
     * @param bytes encrypted, as the source states them
     */
    public record Outstanding(long files, long bytes, Pace pace) {

        private static final Outstanding NOTHING = new Outstanding(0, 0, Pace.NONE);

        private Outstanding plus(Outstanding other) {
            return new Outstanding(files + other.files, bytes + other.bytes, pace.plus(other.pace));
        }

        /** How long it takes at the present pace; empty while nothing moves. */
        public Optional<Duration> remaining() {
            return pace.remaining(files, bytes);
        }
    }

    /**
     * The files that are still to be moved, over all migrations that move files now. They are known from the moment the
     * step is asked for, so that they are right when no worker is there to say anything.
     */
    public Outstanding transfers() {
        List<Outstanding> each = database.query(this::readOutstanding, """
                select s.*, pace.*, case when s.progress_at is null then m.data end as data
                from migration m join migration_step s on s.migration_id = m.id
                """ + PaceRepository.JOIN + """
                where m.status = 'RUNNING' and s.step = 'TRANSFER_ATTACHMENTS' and s.status = 'RUNNING'
                """);
        return each.stream().reduce(Outstanding.NOTHING, Outstanding::plus);
    }

    private Outstanding readOutstanding(ResultSet row) throws SQLException {
        String untouched = row.getString("data");
        if (untouched != null) {
            // Nobody has reported yet: what the source was found to hold is the best that is known.
            return json.read(untouched)
                    .event(VaultExported.class)
                    .map(VaultExported::content)
                    .map(ProgressRepository::allOf)
                    .orElse(Outstanding.NOTHING);
        }
        return new Outstanding(
                Math.max(0, row.getLong("total") - row.getLong("done")),
                Math.max(0, row.getLong("bytes_total") - row.getLong("bytes_done")),
                PaceRepository.read(row).orElse(Pace.NONE));
    }

    private static Outstanding allOf(SourceContent content) {
        return new Outstanding(content.attachments(), content.attachmentBytes(), Pace.NONE);
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
