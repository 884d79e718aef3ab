package io.vaultferry.orchestrator.persistence;

import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The reconciliation of migrations that have ended, line by line. */
@ApplicationScoped
public class ReportRepository {

    private static final int BATCH = 1_000;

    private final Database database;

    ReportRepository(Database database) {
        this.database = database;
    }

    /** How many objects of a kind share outcome, verdict and reason. */
    public record Summary(
            ObjectKind kind, Outcome outcome, Verdict verdict, Optional<ReasonCode> reason, long objects) {}

    /** Stores all lines, in place of those that an interrupted run left. All of them or none. */
    public void replace(MigrationId migration, Iterator<ReconciliationLine> lines) {
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement delete =
                            connection.prepareStatement("delete from report_line where migration_id = ?");
                    PreparedStatement insert = connection.prepareStatement(
                            "insert into report_line (migration_id, line, kind, source_id, target_id, outcome, reason,"
                                    + " verdict) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
                delete.setObject(1, migration.value());
                delete.executeUpdate();
                for (long line = 1; lines.hasNext(); line++) {
                    bind(insert, migration, line, lines.next());
                    insert.addBatch();
                    if (line % BATCH == 0) {
                        insert.executeBatch();
                    }
                }
                insert.executeBatch();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the report of migration " + migration + " cannot be stored", e);
        }
    }

    private static void bind(PreparedStatement insert, MigrationId migration, long number, ReconciliationLine line)
            throws SQLException {
        insert.setObject(1, migration.value());
        insert.setLong(2, number);
        insert.setString(3, line.kind().name());
        insert.setString(4, line.sourceId().orElse(null));
        insert.setString(5, line.targetId().orElse(null));
        insert.setString(6, line.outcome().name());
        insert.setString(7, line.reason().map(Enum::name).orElse(null));
        insert.setString(8, line.verdict().name());
    }

    public List<Summary> summary(MigrationId migration) {
        return database.query(
                row -> new Summary(
                        Columns.constant(row, "kind", ObjectKind.class),
                        Columns.constant(row, "outcome", Outcome.class),
                        Columns.constant(row, "verdict", Verdict.class),
                        Columns.optionalConstant(row, "reason", ReasonCode.class),
                        row.getLong("objects")),
                """
                select kind, outcome, verdict, reason, count(*) as objects from report_line where migration_id = ?
                group by kind, outcome, verdict, reason order by kind, outcome, verdict, reason
                """,
                migration.value());
    }

    /** The lines after one of them (0: from the first), in their order. */
    public List<ReconciliationLine> lines(MigrationId migration, long after, int limit) {
        return database.query(
                ReportRepository::read,
                "select * from report_line where migration_id = ? and line > ? order by line limit ?",
                migration.value(),
                after,
                limit);
    }

    /** Lines about what is not in the target as it was in the source, and about what was noticed. */
    public List<ReconciliationLine> remarkable(MigrationId migration, int limit) {
        return database.query(
                ReportRepository::read,
                "select * from report_line where migration_id = ? and (reason is not null or verdict <> 'EQUAL')"
                        + " order by line limit ?",
                migration.value(),
                limit);
    }

    private static ReconciliationLine read(ResultSet row) throws SQLException {
        return new ReconciliationLine(
                Columns.constant(row, "kind", ObjectKind.class),
                Columns.text(row, "source_id"),
                Columns.text(row, "target_id"),
                Columns.constant(row, "outcome", Outcome.class),
                Columns.optionalConstant(row, "reason", ReasonCode.class),
                Columns.constant(row, "verdict", Verdict.class));
    }
}
