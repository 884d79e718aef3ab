package io.vaultferry.participant.journal;

import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The journal of one scope in the service's database. Payloads are sealed before they get there; times are the database's.
 */
final class PostgresIntentStore implements IntentStore {

    /** {@code migration_id, step, kind, unit}. */
    private static final String SCOPE = "migration_id = ? and step = ? and kind = ? and unit = ?";

    private static final String OPEN = "state in ('SENT', 'ACCEPTED', 'REJECTED')";
    private static final String REPEATED = "repeated and state in ('CREATED', 'REFUSED')";
    private static final int PAGE = 1000;
    private static final int PAGE_WITH_PAYLOADS = 100;

    private final Database database;
    private final WriteScope scope;
    private final StagingKey key;

    PostgresIntentStore(Database database, WriteScope scope, StagingKey key) {
        this.database = database;
        this.scope = scope;
        this.key = key;
    }

    @Override
    public Set<String> recorded() {
        return new HashSet<>(database.query(
                row -> row.getString(1),
                "select source_id from write_intent where migration_id = ? and kind = ?",
                scope.migration().value(),
                scope.kind().name()));
    }

    @Override
    public Set<String> recorded(Collection<String> sourceIds) {
        return new HashSet<>(database.query(
                row -> row.getString(1),
                "select source_id from unnest(?::text[]) as asked (source_id) join write_intent using (source_id)"
                        + " where migration_id = ? and kind = ?",
                sourceIds.toArray(String[]::new),
                scope.migration().value(),
                scope.kind().name()));
    }

    @Override
    public void record(List<NewIntent> intents, StepContext context) {
        if (intents.isEmpty()) {
            return;
        }
        List<NewRow> rows = intents.stream()
                .map(intent -> new NewRow(UUID.randomUUID(), intent))
                .toList();
        database.inTransaction(() -> {
            context.fence();
            database.batch("""
                    insert into write_intent (id, migration_id, step, kind, unit, source_id, payload_size, fingerprint,
                        present_before, state)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'INTENDED')
                    on conflict (migration_id, kind, source_id) do nothing
                    """, rows, (statement, row) -> {
                PlannedWrite write = row.intent().write();
                statement.setObject(1, row.id());
                bindScope(statement, 2);
                statement.setString(6, write.sourceId());
                statement.setInt(7, write.payload().length);
                statement.setString(8, fingerprint(write.token()));
                statement.setObject(9, row.intent().presentBefore().toArray(String[]::new));
            });
            // Of an intent that was there already, the payload stays too.
            database.batch(
                    "insert into write_payload (intent_id, payload) select id, ? from write_intent where id = ?",
                    rows,
                    (statement, row) -> {
                        PlannedWrite write = row.intent().write();
                        statement.setBytes(1, key.seal(write.payload(), associatedData(write.sourceId())));
                        statement.setObject(2, row.id());
                    });
        });
    }

    @Override
    public List<Intent> nextUnit(UnitLimits limits) {
        List<Waiting> waiting = database.query(
                row -> new Waiting(row.getObject(1, UUID.class), row.getInt(2), row.getInt(3), row.getInt(4)),
                "select id, payload_size, unit_limit, lone_failures from write_intent where " + SCOPE
                        + " and state = 'INTENDED' order by lone_failures, unit_limit desc, seq limit ?",
                scope.migration().value(),
                scope.step().name(),
                scope.kind().name(),
                scope.unit(),
                limits.objects());
        List<UUID> unit = new ArrayList<>();
        long bytes = 0;
        for (Waiting next : waiting) {
            bytes += next.size();
            if (!unit.isEmpty()
                    && (next.unitLimit() != waiting.getFirst().unitLimit()
                            || unit.size() >= next.unitLimit()
                            || bytes > limits.bytes())) {
                break;
            }
            unit.add(next.id());
        }
        return unit.isEmpty() ? List.of() : intents(unit);
    }

    private List<Intent> intents(List<UUID> ids) {
        Map<UUID, Intent> intents = new HashMap<>();
        database.query(
                        row -> new Intent(
                                row.getObject("id", UUID.class),
                                row.getString("source_id"),
                                row.getString("fingerprint"),
                                row.getInt("lone_failures"),
                                opened(row)),
                        "select id, source_id, fingerprint, lone_failures, payload from unnest(?::uuid[]) as unit (id)"
                                + " join write_intent using (id) join write_payload on intent_id = id",
                        (Object) texts(ids))
                .forEach(intent -> intents.put(intent.id(), intent));
        return ids.stream().map(intents::get).toList();
    }

    @Override
    public void sent(List<Intent> unit, StepContext context) {
        change(unit, context, """
                update write_intent set state = 'SENT', unit_size = ?, sent_at = clock_timestamp(),
                    first_sent_at = coalesce(first_sent_at, clock_timestamp())
                from unnest(?::uuid[]) as unit (id) where write_intent.id = unit.id and state = 'INTENDED'
                """, unit.size());
    }

    @Override
    public void notSent(List<Intent> unit, StepContext context) {
        change(
                unit,
                context,
                "update write_intent set state = 'INTENDED' from unnest(?::uuid[]) as unit (id)"
                        + " where write_intent.id = unit.id and state = 'SENT'");
    }

    @Override
    public void accepted(List<Intent> unit, StepContext context) {
        change(
                unit,
                context,
                "update write_intent set state = 'ACCEPTED' from unnest(?::uuid[]) as unit (id)"
                        + " where write_intent.id = unit.id and state = 'SENT'");
    }

    @Override
    public void rejected(List<Intent> unit, ReasonCode reason, StepContext context) {
        change(
                unit,
                context,
                "update write_intent set state = 'REJECTED', reason = ? from unnest(?::uuid[]) as unit (id)"
                        + " where write_intent.id = unit.id and state = 'SENT'",
                reason.name());
    }

    @Override
    public void created(List<Intent> unit, List<String> targetIds, StepContext context) {
        change(unit, context, """
                update write_intent set state = 'CREATED', settled_at = clock_timestamp(), reason = null,
                    target_id = told.target_id
                from unnest(?::text[], ?::uuid[]) as told (target_id, id)
                where write_intent.id = told.id and state = 'SENT'
                """, (Object) targetIds.toArray(String[]::new));
    }

    @Override
    public List<OpenWrite> open() {
        return withTokenSharers(OPEN);
    }

    @Override
    public List<OpenWrite> sentRepeatedly() {
        return withTokenSharers(REPEATED);
    }

    private List<OpenWrite> withTokenSharers(String wanted) {
        return database.query(
                PostgresIntentStore::openWrite,
                """
                with wanted as (select * from write_intent where %s and %s)
                select *, extract(epoch from clock_timestamp() - sent_at) as age from (
                    select * from wanted
                    union all
                    select * from write_intent where %s and state = 'CREATED'
                        and fingerprint in (select fingerprint from wanted) and id not in (select id from wanted)
                ) as writes
                order by seq
                """.formatted(SCOPE, wanted, SCOPE),
                scope.migration().value(),
                scope.step().name(),
                scope.kind().name(),
                scope.unit(),
                scope.migration().value(),
                scope.step().name(),
                scope.kind().name(),
                scope.unit());
    }

    @Override
    public Optional<Instant> lastSuccess() {
        return database.queryOne(
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        "select max(sent_at) from write_intent where " + SCOPE + " and state = 'CREATED'",
                        scope.migration().value(),
                        scope.step().name(),
                        scope.kind().name(),
                        scope.unit())
                .flatMap(latest -> latest);
    }

    @Override
    public void settle(Map<UUID, Verdict> verdicts, StepContext context) {
        if (verdicts.isEmpty()) {
            return;
        }
        Map<UUID, String> created = new LinkedHashMap<>();
        Map<UUID, Verdict> others = new LinkedHashMap<>();
        verdicts.forEach((id, verdict) -> {
            if (verdict instanceof Verdict.Created(String targetId)) {
                created.put(id, targetId);
            } else {
                others.put(id, verdict);
            }
        });
        database.inTransaction(() -> {
            context.fence();
            settleCreated(created);
            settleOthers(others);
        });
    }

    /** All in one statement: nearly every write ends so, and there may be ten thousands at a time. */
    private void settleCreated(Map<UUID, String> targetIds) {
        if (!targetIds.isEmpty()) {
            database.update("""
                    update write_intent set state = 'CREATED', target_id = told.target_id, settled_at = clock_timestamp()
                    from unnest(?::uuid[], ?::text[]) as told (id, target_id)
                    where write_intent.id = told.id and state not in ('INTENDED', 'REMOVED')
                    """, texts(targetIds.keySet()), targetIds.values().toArray(String[]::new));
        }
    }

    private void settleOthers(Map<UUID, Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        database.batch("""
                update write_intent set state = ?, target_id = null, reason = coalesce(?, reason),
                    unit_limit = coalesce(?, unit_limit), lone_failures = lone_failures + ?,
                    repeated = repeated or ?, settled_at = case when ? = 'INTENDED' then null else clock_timestamp() end
                where id = ? and state not in ('INTENDED', 'REMOVED')
                """, verdicts.entrySet(), (statement, entry) -> {
            switch (entry.getValue()) {
                case Verdict.SendAgain(int unitLimit, boolean unanswered, boolean failedAlone) ->
                    bind(statement, IntentState.INTENDED, null, unitLimit, failedAlone ? 1 : 0, unanswered);
                case Verdict.Refused(ReasonCode reason) ->
                    bind(statement, IntentState.REFUSED, reason.name(), null, 0, false);
                case Verdict.Created created -> throw new IllegalStateException("settled otherwise: " + created);
            }
            statement.setObject(7, entry.getKey());
        });
    }

    private static void bind(
            PreparedStatement statement,
            IntentState state,
            String reason,
            Integer unitLimit,
            int failedAlone,
            boolean repeated)
            throws SQLException {
        statement.setString(1, state.name());
        statement.setString(2, reason);
        statement.setObject(3, unitLimit, java.sql.Types.INTEGER);
        statement.setInt(4, failedAlone);
        statement.setBoolean(5, repeated);
        statement.setString(6, state.name());
    }

    @Override
    public void noLateCopies(Collection<UUID> writes, StepContext context) {
        database.inTransaction(() -> {
            context.fence();
            database.update(
                    "update write_intent set repeated = false from unnest(?::uuid[]) as settled (id)"
                            + " where write_intent.id = settled.id",
                    (Object) texts(writes));
        });
    }

    @Override
    public Counts counts() {
        return database.queryOne(
                        row -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)),
                        "select count(*), count(*) filter (where state = 'CREATED'),"
                                + " count(*) filter (where state = 'REFUSED') from write_intent where " + SCOPE,
                        scope.migration().value(),
                        scope.step().name(),
                        scope.kind().name(),
                        scope.unit())
                .orElseThrow();
    }

    @Override
    public void forEachOutcome(Consumer<WriteOutcome> consumer) {
        long after = Long.MIN_VALUE;
        while (true) {
            List<Map.Entry<Long, WriteOutcome>> page = database.query(
                    row -> Map.entry(row.getLong("seq"), outcome(row)),
                    "select seq, source_id, state, target_id, reason from write_intent where " + SCOPE
                            + " and seq > ? order by seq limit ?",
                    scope.migration().value(),
                    scope.step().name(),
                    scope.kind().name(),
                    scope.unit(),
                    after,
                    PAGE);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(entry -> consumer.accept(entry.getValue()));
            after = page.getLast().getKey();
        }
    }

    @Override
    public void forEachCreated(Consumer<CreatedObject> consumer) {
        long before = Long.MAX_VALUE;
        while (true) {
            List<Map.Entry<Long, CreatedObject>> page = database.query(
                    row -> Map.entry(
                            row.getLong("seq"),
                            new CreatedObject(row.getString("source_id"), row.getString("target_id"), opened(row))),
                    "select seq, source_id, target_id, payload from write_intent join write_payload on intent_id = id where "
                            + SCOPE
                            + " and state = 'CREATED' and seq < ? order by seq desc limit ?",
                    scope.migration().value(),
                    scope.step().name(),
                    scope.kind().name(),
                    scope.unit(),
                    before,
                    PAGE_WITH_PAYLOADS);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(entry -> consumer.accept(entry.getValue()));
            before = page.getLast().getKey();
        }
    }

    @Override
    public void removed(Collection<String> sourceIds, StepContext context) {
        database.inTransaction(() -> {
            context.fence();
            database.update(
                    "update write_intent set state = 'REMOVED', settled_at = clock_timestamp()"
                            + " from unnest(?::text[]) as gone (id) where source_id = gone.id and state = 'CREATED' and "
                            + SCOPE,
                    sourceIds.toArray(String[]::new),
                    scope.migration().value(),
                    scope.step().name(),
                    scope.kind().name(),
                    scope.unit());
        });
    }

    @Override
    public String fingerprint(String token) {
        return key.fingerprint(token);
    }

    /**
     * Changes all writes of a unit or none; the last parameter of the statement is their ids. Ids are joined and not compared with
     * {@code any}: under a plan that is kept for all parameters PostgreSQL goes through such an array for every row.
     */
    private void change(List<Intent> unit, StepContext context, String sql, Object... parameters) {
        Object[] all = Arrays.copyOf(parameters, parameters.length + 1);
        all[parameters.length] = idsOf(unit);
        database.inTransaction(() -> {
            context.fence();
            if (database.update(sql, all) != unit.size()) {
                // Somebody else works in this scope, and the transaction must not change a part.
                throw new IllegalStateException("a write is not in the state that it was left in");
            }
        });
    }

    private void bindScope(PreparedStatement statement, int first) throws SQLException {
        statement.setObject(first, scope.migration().value());
        statement.setString(first + 1, scope.step().name());
        statement.setString(first + 2, scope.kind().name());
        statement.setString(first + 3, scope.unit());
    }

    private byte[] opened(ResultSet row) throws SQLException {
        return key.open(row.getBytes("payload"), associatedData(row.getString("source_id")));
    }

    private String associatedData(String sourceId) {
        return "write-intent|" + scope.migration() + "|" + scope.kind() + "|" + sourceId;
    }

    /** As texts, which the statements cast: the driver has no arrays of UUIDs. */
    private static String[] idsOf(Collection<Intent> unit) {
        return texts(unit.stream().map(Intent::id).toList());
    }

    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }

    private static OpenWrite openWrite(ResultSet row) throws SQLException {
        return new OpenWrite(
                row.getObject("id", UUID.class),
                row.getString("source_id"),
                row.getString("fingerprint"),
                Set.of((String[]) row.getArray("present_before").getArray()),
                IntentState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("target_id")),
                reason(row),
                row.getInt("unit_size"),
                row.getInt("lone_failures"),
                row.getObject("first_sent_at", OffsetDateTime.class).toInstant(),
                row.getObject("sent_at", OffsetDateTime.class).toInstant(),
                Duration.ofMillis((long) (row.getDouble("age") * 1000)));
    }

    private static WriteOutcome outcome(ResultSet row) throws SQLException {
        IntentState state = IntentState.valueOf(row.getString("state"));
        return new WriteOutcome(
                row.getString("source_id"),
                state,
                Optional.ofNullable(row.getString("target_id")),
                state == IntentState.REFUSED ? reason(row) : Optional.empty());
    }

    private static Optional<ReasonCode> reason(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("reason")).map(ReasonCode::valueOf);
    }

    private record NewRow(UUID id, NewIntent intent) {}

    private record Waiting(UUID id, int size, int unitLimit, int loneFailures) {}
}
