package io.vaultferry.messaging.steps;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on {@code step_job}. All but {@link #renew} run in the caller's transaction. */
final class StepJobRepository {

    private static final String COLUMNS =
            "migration_id, step, undo, attempt, state, command, command_id, traceparent, reply, epoch, takeovers, tries";
    private static final String KEY = "migration_id = ? and step = ? and undo = ?";
    private static final String HELD = "state in ('RUNNING', 'HALTING', 'REPLACING')";

    private final Database database;

    StepJobRepository(Database database) {
        this.database = database;
    }

    /** Returns false when there is a row for this key already. */
    boolean insert(JobKey key, int attempt, String command, UUID commandId, Optional<String> traceparent) {
        return database.update(
                        """
                        insert into step_job (migration_id, step, undo, attempt, state, command, command_id, traceparent)
                        values (?, ?, ?, ?, 'READY', ?, ?, ?) on conflict do nothing""",
                        key.migrationId().value(),
                        key.step().name(),
                        key.undo(),
                        attempt,
                        command,
                        commandId,
                        traceparent.orElse(null))
                == 1;
    }

    Optional<StepJob> lock(JobKey key) {
        return database.queryOne(
                StepJobRepository::read,
                "select " + COLUMNS + " from step_job where " + KEY + " for no key update",
                key.migrationId().value(),
                key.step().name(),
                key.undo());
    }

    /** The step's job and the job of its compensation, as far as they exist. */
    List<StepJob> lockBoth(MigrationId migrationId, Step step) {
        return database.query(
                StepJobRepository::read,
                "select " + COLUMNS
                        + " from step_job where migration_id = ? and step = ? order by undo for no key update",
                migrationId.value(),
                step.name());
    }

    /** Puts another attempt in place of the row's. */
    void replace(
            StepJob job, JobState state, int attempt, String command, UUID commandId, Optional<String> traceparent) {
        database.update(
                "update step_job set state = ?, attempt = ?, command = ?, command_id = ?, traceparent = ?, reply = null,"
                        + " takeovers = 0, tries = 0, failing_since = null, next_run_at = clock_timestamp(),"
                        + " updated_at = clock_timestamp() where " + KEY,
                state.name(),
                attempt,
                command,
                commandId,
                traceparent.orElse(null),
                job.key().migrationId().value(),
                job.key().step().name(),
                job.key().undo());
    }

    /** Asks the holder to stop. */
    void halt(JobKey key) {
        database.update(
                "update step_job set state = 'HALTING', updated_at = clock_timestamp() where " + KEY,
                key.migrationId().value(),
                key.step().name(),
                key.undo());
    }

    void answer(JobKey key, String reply) {
        database.update(
                "update step_job set state = 'DONE', reply = ?, lease_until = null, failing_since = null,"
                        + " updated_at = clock_timestamp() where " + KEY,
                reply,
                key.migrationId().value(),
                key.step().name(),
                key.undo());
    }

    /** Makes the job wait for a worker again. */
    void release(JobKey key, Duration delay) {
        database.update(
                "update step_job set state = 'READY', lease_until = null,"
                        + " next_run_at = clock_timestamp() + make_interval(secs => ?),"
                        + " updated_at = clock_timestamp() where " + KEY,
                seconds(delay),
                key.migrationId().value(),
                key.step().name(),
                key.undo());
    }

    /**
     * Counts a failure that passes by itself.
     *
     * @param progressed true when the try got further than the one before, which begins the count anew
     * @return how long the job has been failing without a success in between
     */
    Duration countFailure(JobKey key, boolean progressed) {
        return database.queryOne(
                        row -> Duration.ofMillis(row.getLong(1)),
                        "update step_job set tries = case when ? then 1 else tries + 1 end,"
                                + " failing_since = case when ? then clock_timestamp()"
                                + " else coalesce(failing_since, clock_timestamp()) end where " + KEY
                                + " returning (extract(epoch from clock_timestamp() - failing_since) * 1000)::bigint",
                        progressed,
                        progressed,
                        key.migrationId().value(),
                        key.step().name(),
                        key.undo())
                .orElse(Duration.ZERO);
    }

    /**
     * Takes a job: one that is ready, or one whose holder let the lease end. A step and its compensation are never held
     * at the same time.
     *
     * @return the job as it is now; HALTING when its dead holder had been asked to stop, otherwise RUNNING
     */
    Optional<StepJob> claim(Duration lease) {
        Optional<StepJob> candidate = database.queryOne(
                StepJobRepository::read,
                "select " + COLUMNS + " from step_job job where "
                        + "((state = 'READY' and next_run_at <= clock_timestamp()) or (" + HELD
                        + " and lease_until < clock_timestamp()))"
                        + " and not exists (select 1 from step_job other where other.migration_id = job.migration_id"
                        + " and other.step = job.step and other.undo <> job.undo and other." + HELD + ")"
                        + " order by next_run_at limit 1 for update skip locked");
        if (candidate.isEmpty()) {
            return Optional.empty();
        }
        JobKey key = candidate.get().key();
        // Whoever claims the other job of this step at the same moment has to wait here and sees this claim afterwards.
        database.query(
                row -> 1, "select pg_advisory_xact_lock(hashtextextended(?, 0))", key.migrationId() + "/" + key.step());
        return database.queryOne(
                StepJobRepository::read,
                "update step_job job set state = case state when 'HALTING' then 'HALTING' else 'RUNNING' end,"
                        + " takeovers = takeovers + case state when 'RUNNING' then 1 else 0 end,"
                        + " epoch = epoch + 1, lease_until = clock_timestamp() + make_interval(secs => ?),"
                        + " updated_at = clock_timestamp() where " + KEY
                        + " and not exists (select 1 from step_job other where other.migration_id = job.migration_id"
                        + " and other.step = job.step and other.undo <> job.undo and other." + HELD + ")"
                        + " returning " + COLUMNS,
                seconds(lease),
                key.migrationId().value(),
                key.step().name(),
                key.undo());
    }

    /**
     * Extends the lease.
     *
     * @return the job's state, or empty when another worker has it
     */
    Optional<JobState> renew(JobKey key, long epoch, Duration lease) {
        return database.queryOne(
                row -> JobState.valueOf(row.getString(1)),
                "update step_job set lease_until = clock_timestamp() + make_interval(secs => ?) where " + KEY
                        + " and epoch = ? and " + HELD + " returning state",
                seconds(lease),
                key.migrationId().value(),
                key.step().name(),
                key.undo(),
                epoch);
    }

    /** Locks the row against takeover until the end of the transaction. Returns false when another worker has it. */
    boolean fence(JobKey key, long epoch) {
        // "key share" lets the heartbeat go on and makes claim() skip the row.
        return database.queryOne(
                        row -> 1,
                        "select 1 from step_job where " + KEY + " and epoch = ? and " + HELD + " for key share",
                        key.migrationId().value(),
                        key.step().name(),
                        key.undo(),
                        epoch)
                .isPresent();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static StepJob read(ResultSet row) throws SQLException {
        return new StepJob(
                new JobKey(
                        new MigrationId(row.getObject(1, UUID.class)),
                        Step.valueOf(row.getString(2)),
                        row.getBoolean(3)),
                row.getInt(4),
                JobState.valueOf(row.getString(5)),
                row.getString(6),
                row.getObject(7, UUID.class),
                Optional.ofNullable(row.getString(8)),
                Optional.ofNullable(row.getString(9)),
                row.getLong(10),
                row.getInt(11),
                row.getInt(12));
    }
}
