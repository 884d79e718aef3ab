package io.vaultferry.attachment.persistence;

import io.vaultferry.attachment.domain.FileOutcome;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Statements on transfers, units and files. Leases are measured by the database's clock. */
@ApplicationScoped
public class TransferRepository {

    private final Database database;

    TransferRepository(Database database) {
        this.database = database;
    }

    /** Makes the transfer active for an attempt. Returns false when there is one of a later attempt. */
    public boolean activate(MigrationId migration, int attempt) {
        return database.update("""
                        insert into transfer (migration_id, attempt, active) values (?, ?, true)
                        on conflict (migration_id) do update set attempt = excluded.attempt, active = true
                        where transfer.attempt <= excluded.attempt""", migration.value(), attempt) == 1;
    }

    /** Tells the workers to leave the transfer alone. */
    public void deactivate(MigrationId migration, int attempt) {
        database.update(
                "update transfer set active = false where migration_id = ? and attempt = ?",
                migration.value(),
                attempt);
    }

    /** The same for any attempt. */
    public void deactivateAll(MigrationId migration) {
        database.update("update transfer set active = false where migration_id = ?", migration.value());
    }

    public boolean hasUnits(MigrationId migration) {
        return database.queryOne(
                        row -> row.getInt(1),
                        "select 1 from transfer_unit where migration_id = ? limit 1",
                        migration.value())
                .isPresent();
    }

    public void insertUnit(MigrationId migration, UUID unit, int files, long bytes) {
        database.update(
                "insert into transfer_unit (unit_id, migration_id, files, bytes) values (?, ?, ?, ?)",
                unit,
                migration.value(),
                files,
                bytes);
    }

    public void insertFile(MigrationId migration, UUID unit, int position, SealedFile file, long size) {
        database.update(
                "insert into transfer_file (migration_id, source_attachment, unit_id, position, size, file)"
                        + " values (?, ?, ?, ?, ?, ?)",
                migration.value(),
                file.sourceAttachment(),
                unit,
                position,
                size,
                file.sealed());
    }

    /** Lets every unit be tried afresh. */
    public void forgetFailures(MigrationId migration) {
        database.update(
                "update transfer_unit set tries = 0, failure = null, failure_detail = null, retry_at = null,"
                        + " published_at = null where migration_id = ? and not done",
                migration.value());
    }

    /**
     * Units that nobody works on and that are to be published: never published, due again after a failure, or left behind by a
     * worker whose lease has run out. One that nobody has begun is not published again however long that takes, or the lag
     * would grow beyond the backlog; should Kafka have lost it, the next idle worker takes it by {@link #claimAny}.
     */
    public List<TransferUnit> takeUnitsToPublish(MigrationId migration) {
        return database.query(
                row -> new TransferUnit(
                        migration, row.getObject("unit_id", UUID.class), row.getInt("files"), row.getLong("bytes")),
                """
                update transfer_unit set published_at = clock_timestamp(), retry_at = null
                where migration_id = ? and not done
                  and (lease_until is null or lease_until < clock_timestamp())
                  and (published_at is null
                       or retry_at < clock_timestamp()
                       or (retry_at is null and published_at < lease_until))
                returning unit_id, files, bytes""",
                migration.value());
    }

    /** Claims a unit; empty when it is finished, held by somebody, not due yet, or its transfer is halted. */
    public Optional<OpenUnit> claim(UUID unit, Duration lease) {
        return database.queryOne(
                row -> new OpenUnit(
                        unit,
                        new MigrationId(row.getObject("migration_id", UUID.class)),
                        row.getLong("epoch"),
                        row.getInt("attempt")),
                """
                update transfer_unit u set epoch = u.epoch + 1, file_under_way = null, bytes_under_way = 0,
                    lease_until = clock_timestamp() + make_interval(secs => ?)
                from transfer t
                where u.unit_id = ? and t.migration_id = u.migration_id and t.active and not u.done
                  and (u.lease_until is null or u.lease_until < clock_timestamp())
                  and (u.retry_at is null or u.retry_at < clock_timestamp())
                returning u.migration_id, u.epoch, t.attempt""",
                seconds(lease),
                unit);
    }

    /**
     * Claims the largest unit that was announced some time ago and that nobody works on, whoever was to hear of it.
     *
     * @param fromBytes of units that are large enough
     * @param belowBytes of units that are small enough
     */
    public Optional<OpenUnit> claimAny(long fromBytes, long belowBytes, Duration announcedAgo, Duration lease) {
        return database.queryOne(
                row -> new OpenUnit(
                        row.getObject("unit_id", UUID.class),
                        new MigrationId(row.getObject("migration_id", UUID.class)),
                        row.getLong("epoch"),
                        row.getInt("attempt")),
                """
                update transfer_unit u set epoch = u.epoch + 1, file_under_way = null, bytes_under_way = 0,
                    lease_until = clock_timestamp() + make_interval(secs => ?)
                from (select w.unit_id, t.attempt from transfer_unit w join transfer t on t.migration_id = w.migration_id
                      where t.active and not w.done and w.bytes >= ? and w.bytes < ?
                        and w.published_at < clock_timestamp() - make_interval(secs => ?)
                        and (w.lease_until is null or w.lease_until < clock_timestamp())
                        and (w.retry_at is null or w.retry_at < clock_timestamp())
                      order by w.bytes desc limit 1
                      for no key update of w skip locked) free
                where u.unit_id = free.unit_id
                returning u.unit_id, u.migration_id, u.epoch, free.attempt""",
                seconds(lease),
                fromBytes,
                belowBytes,
                seconds(announcedAgo));
    }

    private static double seconds(Duration duration) {
        return (double) duration.toMillis() / 1000;
    }

    /** Prolongs a lease; false when the unit is somebody else's or its transfer is halted. */
    public boolean renew(OpenUnit unit, Duration lease) {
        return database.update("""
                        update transfer_unit u set lease_until = clock_timestamp() + make_interval(secs => ?)
                        from transfer t
                        where u.unit_id = ? and u.epoch = ? and not u.done
                          and t.migration_id = u.migration_id and t.active""", seconds(lease), unit.unitId(), unit.epoch()) == 1;
    }

    /** Notes how many bytes of a file have passed that the holder of the unit is moving. */
    public void noteUnderWay(OpenUnit unit, String sourceAttachment, long bytes) {
        database.update(
                "update transfer_unit set file_under_way = ?, bytes_under_way = ? where unit_id = ? and epoch = ?",
                sourceAttachment,
                bytes,
                unit.unitId(),
                unit.epoch());
    }

    /** Holds the unit until the end of the caller's transaction; false when it is somebody else's. */
    public boolean fence(OpenUnit unit) {
        return database.queryOne(
                        row -> row.getInt(1),
                        "select 1 from transfer_unit where unit_id = ? and epoch = ? and not done for no key update",
                        unit.unitId(),
                        unit.epoch())
                .isPresent();
    }

    /** The unit's files that have no outcome yet, in order. */
    public List<SealedFile> openFiles(OpenUnit unit) {
        return database.query(
                row -> new SealedFile(row.getString("source_attachment"), row.getBytes("file")),
                "select source_attachment, file from transfer_file where unit_id = ? and outcome is null"
                        + " order by position",
                unit.unitId());
    }

    /** Notes what became of a file, unless the unit is somebody else's by now; its row of failures is broken with that. */
    public boolean finishFile(OpenUnit unit, String sourceAttachment, FileOutcome outcome) {
        boolean finished = noteOutcome(unit, sourceAttachment, outcome);
        if (finished) {
            database.update(
                    "update transfer_unit set tries = 0 where unit_id = ? and epoch = ? and tries > 0",
                    unit.unitId(),
                    unit.epoch());
        }
        return finished;
    }

    private boolean noteOutcome(OpenUnit unit, String sourceAttachment, FileOutcome outcome) {
        return database.update(
                        """
                        update transfer_file set outcome = ?, target_attachment = ?, reason = ?
                        where migration_id = ? and source_attachment = ? and outcome is null
                          and exists (select 1 from transfer_unit where unit_id = ? and epoch = ?)""",
                        outcome.outcome().name(),
                        outcome.targetAttachment().orElse(null),
                        outcome.reason().map(Enum::name).orElse(null),
                        unit.migrationId().value(),
                        sourceAttachment,
                        unit.unitId(),
                        unit.epoch())
                == 1;
    }

    public void finishUnit(OpenUnit unit) {
        database.update(
                "update transfer_unit set done = true, lease_until = null, tries = 0, failure = null,"
                        + " failure_detail = null where unit_id = ? and epoch = ?",
                unit.unitId(),
                unit.epoch());
    }

    /** Gives a unit back after a failure that may pass; it is published again after the pause. */
    public void postpone(OpenUnit unit, FailureCode failure, String detail, Duration pause) {
        database.update(
                "update transfer_unit set lease_until = null, tries = tries + 1, failure = ?, failure_detail = ?,"
                        + " retry_at = clock_timestamp() + make_interval(secs => ?) where unit_id = ? and epoch = ?",
                failure.name(),
                detail,
                seconds(pause),
                unit.unitId(),
                unit.epoch());
    }

    /** Gives a unit back that has to wait, which is nobody's failure. */
    public void defer(OpenUnit unit, Duration pause) {
        database.update(
                "update transfer_unit set lease_until = null, retry_at = clock_timestamp() + make_interval(secs => ?)"
                        + " where unit_id = ? and epoch = ?",
                seconds(pause),
                unit.unitId(),
                unit.epoch());
    }

    /** Gives a unit back that was not worked to its end and did not fail. */
    public void release(OpenUnit unit) {
        database.update(
                "update transfer_unit set lease_until = null, published_at = null where unit_id = ? and epoch = ?",
                unit.unitId(),
                unit.epoch());
    }

    public int tries(OpenUnit unit) {
        return database.queryOne(
                        row -> row.getInt("tries"), "select tries from transfer_unit where unit_id = ?", unit.unitId())
                .orElse(0);
    }

    public TransferState state(MigrationId migration) {
        return database.queryOne(
                        row -> new TransferState(
                                row.getLong("open_units"),
                                row.getLong("files_done"),
                                row.getLong("files_total"),
                                row.getLong("bytes_done"),
                                row.getLong("bytes_total"),
                                row.getInt("most_tries"),
                                row.getString("failure"),
                                row.getString("failure_detail")),
                        """
                        select u.open_units, u.files_done + f.files_done as files_done, u.files_total,
                               u.bytes_done + f.bytes_done + p.bytes as bytes_done, u.bytes_total,
                               coalesce(w.tries, 0) as most_tries, w.failure, w.failure_detail
                        from (select count(*) filter (where not done) as open_units,
                                     coalesce(sum(files) filter (where done), 0) as files_done,
                                     coalesce(sum(files), 0) as files_total,
                                     coalesce(sum(bytes) filter (where done), 0) as bytes_done,
                                     coalesce(sum(bytes), 0) as bytes_total
                              from transfer_unit where migration_id = ?) u
                        -- Only units that somebody has begun can have finished files, and those are few at a time.
                        cross join (select count(file.outcome) as files_done,
                                           coalesce(sum(file.size), 0) as bytes_done
                                    from transfer_unit begun
                                    join transfer_file file on file.unit_id = begun.unit_id
                                    where begun.migration_id = ? and not begun.done and begun.epoch > 0
                                      and file.outcome is not null) f
                        -- What a worker that is gone had sent of a file has to be sent again, and counts no more.
                        cross join (select coalesce(sum(least(moving.bytes_under_way, file.size)), 0) as bytes
                                    from transfer_unit moving
                                    join transfer_file file on file.migration_id = moving.migration_id
                                        and file.source_attachment = moving.file_under_way
                                    where moving.migration_id = ? and not moving.done and file.outcome is null
                                      and moving.lease_until > clock_timestamp()) p
                        left join lateral (select tries, failure, failure_detail from transfer_unit
                                           where migration_id = ? and not done and failure is not null
                                           order by tries desc limit 1) w on true""",
                        migration.value(),
                        migration.value(),
                        migration.value(),
                        migration.value())
                .orElseThrow();
    }

    /** What became of every file, in the order of the manifest. */
    public List<ObjectOutcome> outcomes(MigrationId migration) {
        return database.query(
                row -> new ObjectOutcome(
                        ObjectKind.ATTACHMENT,
                        row.getString("source_attachment"),
                        Optional.ofNullable(row.getString("target_attachment")),
                        Outcome.valueOf(row.getString("outcome")),
                        Optional.ofNullable(row.getString("reason")).map(ReasonCode::valueOf)),
                "select source_attachment, target_attachment, outcome, reason from transfer_file"
                        + " where migration_id = ? order by unit_id, position",
                migration.value());
    }

    /** Encrypted bytes of the files that were moved. */
    public long bytesMoved(MigrationId migration) {
        return database.queryOne(
                        row -> row.getLong(1),
                        "select coalesce(sum(size), 0) from transfer_file where migration_id = ? and outcome = 'MOVED'",
                        migration.value())
                .orElse(0L);
    }
}
