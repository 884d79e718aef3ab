package io.vaultferry.orchestrator.persistence;

import static io.vaultferry.orchestrator.persistence.Columns.nameOrNull;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.persistence.MigrationRow.Party;
import io.vaultferry.orchestrator.persistence.MigrationRow.StepProgress;
import io.vaultferry.orchestrator.saga.Direction;
import io.vaultferry.orchestrator.saga.HaltReason;
import io.vaultferry.orchestrator.saga.SagaData;
import io.vaultferry.orchestrator.saga.SagaFailure;
import io.vaultferry.orchestrator.saga.SagaState;
import io.vaultferry.orchestrator.saga.SagaStatus;
import io.vaultferry.orchestrator.saga.StepState;
import io.vaultferry.orchestrator.saga.StepStatus;
import io.vaultferry.orchestrator.saga.WaitingReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Stores sagas: the row of a migration and those of its steps. */
@ApplicationScoped
public class MigrationRepository {

    private static final String COLUMNS =
            "id, version, status, waiting_for, direction, step, halting, failure_step, failure_code, failure_detail, data,"
                    + " source_connection, source_organization, source_server, target_connection, target_organization,"
                    + " target_server, timer_kind, timer_step, timer_attempt, created_at, finished_at";

    private final Database database;
    private final SagaDataJson json;
    private final PaceRepository pace;

    MigrationRepository(Database database, SagaDataJson json, PaceRepository pace) {
        this.database = database;
        this.json = json;
        this.pace = pace;
    }

    /**
     * Stores a saga that has not been started.
     *
     * @return false when another migration into the same organization has not ended; nothing is stored then
     */
    public boolean insert(NewMigration migration) {
        SagaState planned = SagaState.planned(migration.id(), migration.terms());
        int inserted = database.update(
                """
                insert into migration (id, status, direction, step, data, source_connection, source_organization,
                    source_server, target_connection, target_organization, target_server, new_organization_name,
                    new_organization_billing)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """,
                migration.id().value(),
                planned.status().name(),
                planned.direction().name(),
                planned.step().name(),
                json.write(planned.data()),
                migration.source().connection().value(),
                migration.source().organizationId(),
                textOf(migration.source().server()),
                migration.target().connection().value(),
                migration.target().organizationId().orElse(null),
                textOf(migration.target().server()),
                migration.target().newName().map(SealedText::bytes).orElse(null),
                migration.target().newBillingEmail().map(SealedText::bytes).orElse(null));
        for (Step step : inserted == 1 ? Step.values() : new Step[0]) {
            StepState state = planned.steps().get(step);
            database.update(
                    "insert into migration_step (migration_id, step, status, attempt, overdue) values (?, ?, ?, ?, ?)",
                    migration.id().value(),
                    step.name(),
                    state.status().name(),
                    state.attempt(),
                    state.overdue());
        }
        return inserted == 1;
    }

    /** The migration that has not ended and writes into an organization. */
    public Optional<MigrationId> activeInto(String targetOrganization) {
        return database.queryOne(
                row -> new MigrationId(Columns.uuid(row, "id")),
                "select id from migration where lower(target_organization) = lower(?) and finished_at is null",
                targetOrganization);
    }

    /** Reads a migration. */
    public Optional<MigrationRow> find(MigrationId id) {
        return readOne("select " + COLUMNS + " from migration where id = ?", id.value());
    }

    /** Reads a migration and keeps others from changing it until the transaction ends. */
    public Optional<MigrationRow> lock(MigrationId id) {
        return readOne("select " + COLUMNS + " from migration where id = ? for update", id.value());
    }

    /** Reads a migration whose timer is due and that nobody else works on, and locks it. */
    public Optional<MigrationRow> lockDue() {
        return readOne("select " + COLUMNS + " from migration where timer_at <= clock_timestamp()"
                + " order by timer_at limit 1 for update skip locked");
    }

    /** Migrations, the newest first. */
    public List<MigrationRow> list(int limit, int offset) {
        return read(
                "select " + COLUMNS + " from migration order by created_at desc, id limit ? offset ?", limit, offset);
    }

    /** How many migrations are in each status. */
    public Map<SagaStatus, Long> countByStatus() {
        Map<SagaStatus, Long> counts = new EnumMap<>(SagaStatus.class);
        for (SagaStatus status : SagaStatus.values()) {
            counts.put(status, 0L);
        }
        database.query(
                row -> counts.put(Columns.constant(row, "status", SagaStatus.class), row.getLong("migrations")),
                "select status, count(*) as migrations from migration group by status");
        return counts;
    }

    /** Whether a migration that has not ended uses a connection. */
    public boolean uses(ConnectionId connection) {
        return database.queryOne(
                        row -> true,
                        "select 1 from migration where finished_at is null and ? in (source_connection, target_connection)"
                                + " limit 1",
                        connection.value())
                .isPresent();
    }

    /** What the name of the organization to create is sealed as. */
    public Optional<SealedText> newOrganizationName(MigrationId id) {
        return sealed(id, "new_organization_name");
    }

    public Optional<SealedText> newOrganizationBilling(MigrationId id) {
        return sealed(id, "new_organization_billing");
    }

    private Optional<SealedText> sealed(MigrationId id, String column) {
        return database.queryOne(
                        row -> Optional.ofNullable(row.getBytes(1)),
                        "select " + column + " from migration where id = ?",
                        id.value())
                .flatMap(bytes -> bytes)
                .map(SealedText::new);
    }

    /** Forgets what is personal about a migration. */
    public void forgetNewOrganization(MigrationId id) {
        database.update(
                "update migration set new_organization_name = null, new_organization_billing = null where id = ?",
                id.value());
    }

    /**
     * Stores the next state of a saga that was locked.
     *
     * @throws IllegalStateException when somebody changed it although it was locked
     */
    public void save(MigrationRow before, SagaState next) {
        int updated = database.update(
                """
                update migration set version = version + 1, status = ?, waiting_for = ?, direction = ?, step = ?,
                    halting = ?, failure_step = ?, failure_code = ?, failure_detail = ?, data = ?,
                    target_organization = coalesce(target_organization, ?),
                    finished_at = case when ? then coalesce(finished_at, clock_timestamp()) end
                where id = ? and version = ?
                """,
                next.status().name(),
                nameOrNull(next.waitingFor()),
                next.direction().name(),
                next.step().name(),
                nameOrNull(next.halting()),
                nameOrNull(next.failure().map(SagaFailure::step)),
                nameOrNull(next.failure().map(SagaFailure::code)),
                next.failure().map(SagaFailure::detail).orElse(null),
                json.write(next.data()),
                next.data()
                        .event(TargetPrepared.class)
                        .map(TargetPrepared::organizationId)
                        .orElse(null),
                next.status().ended(),
                next.id().value(),
                before.version());
        if (updated != 1) {
            throw new IllegalStateException("migration " + next.id() + " was changed by somebody else");
        }
        for (Step step : Step.values()) {
            StepState from = before.saga().steps().get(step);
            StepState to = next.steps().get(step);
            if (!from.equals(to)) {
                saveStep(next.id(), step, from, to);
            }
        }
    }

    private void saveStep(MigrationId id, Step step, StepState from, StepState to) {
        boolean sent = to.attempt() > from.attempt();
        boolean settled = !to.status().awaitsReply() && to.status() != StepStatus.WAITING;
        if (sent || settled) {
            pace.forget(id, step);
        }
        database.update(
                """
                update migration_step set status = ?, attempt = ?, overdue = ?,
                    started_at = case when ? then coalesce(started_at, clock_timestamp()) else started_at end,
                    attempt_at = case when ? then clock_timestamp() else attempt_at end,
                    finished_at = case when ? then clock_timestamp() end,
                    progress_at = case when ? then null else progress_at end,
                    advanced_at = case when ? then null else advanced_at end,
                    done = case when ? then 0 else done end, total = case when ? then 0 else total end,
                    bytes_done = case when ? then 0 else bytes_done end,
                    bytes_total = case when ? then 0 else bytes_total end
                where migration_id = ? and step = ?
                """,
                to.status().name(),
                to.attempt(),
                to.overdue(),
                sent,
                sent,
                settled,
                sent,
                sent,
                sent,
                sent,
                sent,
                sent,
                id.value(),
                step.name());
    }

    /** Sets the timer of a saga that was locked. */
    public void setTimer(MigrationId id, StoredTimer timer, Duration delay) {
        database.update("""
                update migration set timer_kind = ?, timer_step = ?, timer_attempt = ?,
                    timer_at = clock_timestamp() + ? * interval '1 millisecond'
                where id = ?
                """, timer.kind().name(), timer.step().name(), timer.attempt(), delay.toMillis(), id.value());
    }

    public void clearTimer(MigrationId id) {
        database.update(
                "update migration set timer_kind = null, timer_step = null, timer_attempt = null, timer_at = null"
                        + " where id = ?",
                id.value());
    }

    /** Puts a timer off whose saga could not be moved, so that it does not hold up the others. */
    public void postponeTimer(MigrationId id, Duration delay) {
        database.update(
                "update migration set timer_at = clock_timestamp() + ? * interval '1 millisecond'"
                        + " where id = ? and timer_at is not null",
                delay.toMillis(),
                id.value());
    }

    /**
     * Stores how far a step is, and pushes its deadline.
     *
     * @return false when the step is not being carried out, or by another attempt
     */
    public boolean progress(StepProgressed progress, Duration deadline) {
        int pushed = database.update(
                """
                update migration set timer_at = clock_timestamp() + ? * interval '1 millisecond'
                where id = ? and timer_kind = 'REPLY' and timer_step = ? and timer_attempt = ?
                """,
                deadline.toMillis(),
                progress.migrationId().value(),
                progress.step().name(),
                progress.attempt());
        boolean stored = pushed == 1
                && database.update(
                                """
                                update migration_step set done = ?, total = ?, bytes_done = ?, bytes_total = ?,
                                    progress_at = clock_timestamp(),
                                    advanced_at = case when (done, total, bytes_done, bytes_total) = (?, ?, ?, ?)
                                        then advanced_at else clock_timestamp() end
                                where migration_id = ? and step = ? and attempt = ?
                                """,
                                progress.done(),
                                progress.total(),
                                progress.bytesDone(),
                                progress.bytesTotal(),
                                progress.done(),
                                progress.total(),
                                progress.bytesDone(),
                                progress.bytesTotal(),
                                progress.migrationId().value(),
                                progress.step().name(),
                                progress.attempt())
                        == 1;
        if (stored) {
            pace.note(progress);
        }
        return stored;
    }

    /** A row of a migration, which becomes whole with the rows of its steps. */
    @FunctionalInterface
    private interface WithoutSteps {
        MigrationRow with(Map<Step, StepState> states, Map<Step, StepProgress> progress);
    }

    private record Part(UUID id, WithoutSteps row) {}

    private Optional<MigrationRow> readOne(String sql, Object... parameters) {
        return read(sql, parameters).stream().findFirst();
    }

    private List<MigrationRow> read(String sql, Object... parameters) {
        List<Part> parts =
                database.query(row -> new Part(Columns.uuid(row, "id"), readWithoutSteps(row)), sql, parameters);
        Map<UUID, Map<Step, StepState>> states = new HashMap<>();
        Map<UUID, Map<Step, StepProgress>> progress = new HashMap<>();
        String ids = parts.stream().map(part -> part.id().toString()).collect(Collectors.joining(","));
        database.query(
                row -> {
                    UUID id = Columns.uuid(row, "migration_id");
                    Step step = Columns.constant(row, "step", Step.class);
                    states.computeIfAbsent(id, key -> new EnumMap<>(Step.class)).put(step, readState(row));
                    progress.computeIfAbsent(id, key -> new EnumMap<>(Step.class))
                            .put(step, readProgress(row));
                    return step;
                },
                "select s.*, pace.* from migration_step s " + PaceRepository.JOIN
                        + " where s.migration_id = any(string_to_array(?, ',')::uuid[])",
                ids);
        return parts.stream()
                .map(part -> part.row().with(states.get(part.id()), progress.get(part.id())))
                .toList();
    }

    private static StepState readState(ResultSet row) throws SQLException {
        return new StepState(
                Columns.constant(row, "status", StepStatus.class), row.getInt("attempt"), row.getBoolean("overdue"));
    }

    private WithoutSteps readWithoutSteps(ResultSet row) throws SQLException {
        MigrationId id = new MigrationId(Columns.uuid(row, "id"));
        SagaStatus status = Columns.constant(row, "status", SagaStatus.class);
        Optional<WaitingReason> waitingFor = Columns.optionalConstant(row, "waiting_for", WaitingReason.class);
        Direction direction = Columns.constant(row, "direction", Direction.class);
        Step step = Columns.constant(row, "step", Step.class);
        Optional<HaltReason> halting = Columns.optionalConstant(row, "halting", HaltReason.class);
        SagaData data = json.read(row.getString("data"));
        Optional<SagaFailure> failure = readFailure(row);
        long version = row.getLong("version");
        Party source = readParty(row, "source");
        Party target = readParty(row, "target");
        Instant createdAt = Columns.instant(row, "created_at");
        Optional<Instant> finishedAt = Columns.optionalInstant(row, "finished_at");
        Optional<StoredTimer> timer = readTimer(row);
        return (states, progress) -> new MigrationRow(
                new SagaState(id, status, waitingFor, direction, step, halting, states, data, failure),
                version,
                source,
                target,
                createdAt,
                finishedAt,
                progress,
                timer);
    }

    private static Optional<SagaFailure> readFailure(ResultSet row) throws SQLException {
        Optional<Step> step = Columns.optionalConstant(row, "failure_step", Step.class);
        return step.isEmpty()
                ? Optional.empty()
                : Optional.of(new SagaFailure(
                        step.get(),
                        Columns.constant(row, "failure_code", FailureCode.class),
                        row.getString("failure_detail")));
    }

    private static Optional<StoredTimer> readTimer(ResultSet row) throws SQLException {
        Optional<StoredTimer.Kind> kind = Columns.optionalConstant(row, "timer_kind", StoredTimer.Kind.class);
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoredTimer(
                        kind.get(), Columns.constant(row, "timer_step", Step.class), row.getInt("timer_attempt")));
    }

    private static Party readParty(ResultSet row, String side) throws SQLException {
        return new Party(
                new ConnectionId(Columns.uuid(row, side + "_connection")),
                Columns.text(row, side + "_organization"),
                row.getString(side + "_server"));
    }

    private static StepProgress readProgress(ResultSet row) throws SQLException {
        return new StepProgress(
                Columns.optionalInstant(row, "started_at"),
                Columns.optionalInstant(row, "attempt_at"),
                Columns.optionalInstant(row, "finished_at"),
                Columns.optionalInstant(row, "progress_at"),
                row.getLong("done"),
                row.getLong("total"),
                row.getLong("bytes_done"),
                row.getLong("bytes_total"),
                PaceRepository.read(row));
    }

    private static String textOf(ServerFacts server) {
        return server.kind() + " " + server.version();
    }
}
