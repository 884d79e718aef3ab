package io.vaultferry.orchestrator.persistence;

import static io.vaultferry.orchestrator.persistence.Columns.nameOrNull;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.saga.HistoryEntry;
import io.vaultferry.orchestrator.saga.SagaStatus;
import io.vaultferry.orchestrator.saga.WaitingReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** The append-only history of migrations. */
@ApplicationScoped
public class HistoryRepository {

    private final Database database;

    HistoryRepository(Database database) {
        this.database = database;
    }

    /** One entry with its place in the order of all entries. */
    public record Recorded(long sequence, HistoryEntry entry, Instant at) {}

    public void append(MigrationId migration, HistoryEntry entry) {
        database.update(
                """
                insert into migration_history
                    (migration_id, from_status, input, to_status, waiting_for, step, attempt, note)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                migration.value(),
                entry.from().name(),
                entry.input(),
                entry.to().name(),
                nameOrNull(entry.waitingFor()),
                entry.step().name(),
                entry.attempt(),
                entry.note());
    }

    /** The entries of a migration after one of them (0: from the first), oldest first. */
    public List<Recorded> after(MigrationId migration, long sequence, int limit) {
        return database.query(
                row -> new Recorded(
                        row.getLong("sequence"),
                        new HistoryEntry(
                                Columns.constant(row, "from_status", SagaStatus.class),
                                row.getString("input"),
                                Columns.constant(row, "to_status", SagaStatus.class),
                                Columns.optionalConstant(row, "waiting_for", WaitingReason.class),
                                Columns.constant(row, "step", Step.class),
                                row.getInt("attempt"),
                                row.getString("note")),
                        Columns.instant(row, "at")),
                "select * from migration_history where migration_id = ? and sequence > ? order by sequence limit ?",
                migration.value(),
                sequence,
                limit);
    }
}
