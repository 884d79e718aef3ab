package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Objects that did not arrive as they were, and the documents that still have to be read for them. */
@ApplicationScoped
public class ExceptionRepository {

    private final Database database;

    ExceptionRepository(Database database) {
        this.database = database;
    }

    /** One object. */
    public record ObjectException(
            Step step,
            ObjectKind kind,
            Optional<String> sourceId,
            Optional<String> targetId,
            Outcome outcome,
            ReasonCode reason) {}

    /** A document that a finished step left. */
    public record Intake(MigrationId migration, Step step, int attempt, ClaimCheck document) {}

    /** Notes that a document is to be read; it takes the place of the one of an earlier attempt. */
    public void request(Intake intake) {
        database.update(
                """
                insert into outcome_intake (migration_id, step, attempt, location, sha256, size)
                values (?, ?, ?, ?, ?, ?)
                on conflict (migration_id, step) do update set attempt = excluded.attempt,
                    location = excluded.location, sha256 = excluded.sha256, size = excluded.size,
                    next_try_at = clock_timestamp()
                """,
                intake.migration().value(),
                intake.step().name(),
                intake.attempt(),
                intake.document().location(),
                intake.document().sha256(),
                intake.document().size());
    }

    /** A document that is to be read now and that nobody else reads; locked until the transaction ends. */
    public Optional<Intake> lockDue() {
        return intakes("next_try_at <= clock_timestamp() order by next_try_at limit 1 for update skip locked").stream()
                .findFirst();
    }

    /** All documents of a migration that are still to be read; locked until the transaction ends. */
    public List<Intake> lockAll(MigrationId migration) {
        return intakes("migration_id = ? for update", migration.value());
    }

    private List<Intake> intakes(String condition, Object... parameters) {
        return database.query(
                row -> new Intake(
                        new MigrationId(Columns.uuid(row, "migration_id")),
                        Columns.constant(row, "step", Step.class),
                        row.getInt("attempt"),
                        new ClaimCheck(row.getString("location"), row.getString("sha256"), row.getLong("size"))),
                "select * from outcome_intake where " + condition,
                parameters);
    }

    /** The document has been read, or is given up. */
    public void done(Intake intake) {
        database.update(
                "delete from outcome_intake where migration_id = ? and step = ?",
                intake.migration().value(),
                intake.step().name());
    }

    public void postpone(Intake intake, Duration delay) {
        database.update(
                "update outcome_intake set next_try_at = clock_timestamp() + ? * interval '1 millisecond'"
                        + " where migration_id = ? and step = ?",
                delay.toMillis(),
                intake.migration().value(),
                intake.step().name());
    }

    /** Forgets what was known of a step, before it is read anew. */
    public void clear(MigrationId migration, Step step) {
        database.update(
                "delete from object_exception where migration_id = ? and step = ?", migration.value(), step.name());
    }

    /** Adds what no other step has said of the object already: a step repeats what became of those that it was given. */
    public void add(MigrationId migration, ObjectException exception) {
        database.update(
                """
                insert into object_exception (migration_id, step, kind, source_id, target_id, outcome, reason)
                select said.* from (values (?, ?, ?, ?, ?, ?, ?))
                    as said (migration_id, step, kind, source_id, target_id, outcome, reason)
                where not exists (
                    select 1 from object_exception known
                    where known.migration_id = said.migration_id and known.step <> said.step and known.kind = said.kind
                      and known.source_id = said.source_id and known.outcome = said.outcome
                      and known.reason = said.reason)
                """,
                migration.value(),
                exception.step().name(),
                exception.kind().name(),
                exception.sourceId().orElse(null),
                exception.targetId().orElse(null),
                exception.outcome().name(),
                exception.reason().name());
    }

    public long count(MigrationId migration) {
        return database.queryOne(
                        row -> row.getLong(1),
                        "select count(*) from object_exception where migration_id = ?",
                        migration.value())
                .orElseThrow();
    }

    public List<ObjectException> list(MigrationId migration, int limit, int offset) {
        return database.query(
                row -> new ObjectException(
                        Columns.constant(row, "step", Step.class),
                        Columns.constant(row, "kind", ObjectKind.class),
                        Columns.text(row, "source_id"),
                        Columns.text(row, "target_id"),
                        Columns.constant(row, "outcome", Outcome.class),
                        Columns.constant(row, "reason", ReasonCode.class)),
                "select * from object_exception where migration_id = ? order by id limit ? offset ?",
                migration.value(),
                limit,
                offset);
    }
}
