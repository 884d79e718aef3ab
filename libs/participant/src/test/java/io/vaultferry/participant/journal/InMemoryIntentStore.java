package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.messaging.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A journal that survives the crash of a simulated process, because the test keeps it. */
final class InMemoryIntentStore implements IntentStore {

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Supplier<Instant> clock;

    InMemoryIntentStore(Supplier<Instant> clock) {
        this.clock = clock;
    }

    private static final class Row {
        private final UUID id = UUID.randomUUID();
        private final PlannedWrite write;
        private final Set<String> presentBefore;
        private IntentState state = IntentState.INTENDED;
        private String targetId;
        private ReasonCode reason;
        private int unitLimit = Integer.MAX_VALUE;
        private int unitSize;
        private int loneFailures;
        private boolean repeated;
        private Instant firstSentAt;
        private Instant lastSentAt;

        Row(NewIntent intent) {
            this.write = intent.write();
            this.presentBefore = intent.presentBefore();
        }
    }

    @Override
    public Set<String> recorded() {
        return new HashSet<>(rows.keySet());
    }

    @Override
    public Set<String> recorded(Collection<String> sourceIds) {
        Set<String> recorded = new HashSet<>(sourceIds);
        recorded.retainAll(rows.keySet());
        return recorded;
    }

    @Override
    public void record(List<NewIntent> intents, StepContext context) {
        context.fence();
        intents.forEach(intent -> rows.putIfAbsent(intent.write().sourceId(), new Row(intent)));
    }

    @Override
    public List<Intent> nextUnit(UnitLimits limits) {
        List<Row> waiting = rows.values().stream()
                .filter(row -> row.state == IntentState.INTENDED)
                .sorted(Comparator.<Row>comparingInt(row -> row.loneFailures)
                        .thenComparing(Comparator.<Row>comparingInt(row -> row.unitLimit)
                                .reversed()))
                .toList();
        List<Intent> unit = new ArrayList<>();
        long bytes = 0;
        for (Row row : waiting) {
            bytes += row.write.payload().length;
            if (!unit.isEmpty()
                    && (row.unitLimit != waiting.getFirst().unitLimit
                            || unit.size() >= Math.min(limits.objects(), row.unitLimit)
                            || bytes > limits.bytes())) {
                break;
            }
            unit.add(new Intent(
                    row.id,
                    row.write.sourceId(),
                    fingerprint(row.write.token()),
                    row.loneFailures,
                    row.write.payload()));
        }
        return unit;
    }

    @Override
    public void sent(List<Intent> unit, StepContext context) {
        context.fence();
        for (Row row : rowsOf(unit, IntentState.INTENDED)) {
            row.state = IntentState.SENT;
            row.unitSize = unit.size();
            row.lastSentAt = clock.get();
            row.firstSentAt = row.firstSentAt == null ? row.lastSentAt : row.firstSentAt;
        }
    }

    @Override
    public void notSent(List<Intent> unit, StepContext context) {
        context.fence();
        rowsOf(unit, IntentState.SENT).forEach(row -> row.state = IntentState.INTENDED);
    }

    @Override
    public void accepted(List<Intent> unit, StepContext context) {
        context.fence();
        rowsOf(unit, IntentState.SENT).forEach(row -> row.state = IntentState.ACCEPTED);
    }

    @Override
    public void rejected(List<Intent> unit, ReasonCode reason, StepContext context) {
        context.fence();
        rowsOf(unit, IntentState.SENT).forEach(row -> {
            row.state = IntentState.REJECTED;
            row.reason = reason;
        });
    }

    @Override
    public void created(List<Intent> unit, List<String> targetIds, StepContext context) {
        context.fence();
        List<Row> sent = rowsOf(unit, IntentState.SENT);
        for (int i = 0; i < sent.size(); i++) {
            sent.get(i).state = IntentState.CREATED;
            sent.get(i).targetId = targetIds.get(i);
        }
    }

    @Override
    public List<OpenWrite> open() {
        return withTokenSharers(row -> row.state == IntentState.SENT
                || row.state == IntentState.ACCEPTED
                || row.state == IntentState.REJECTED);
    }

    @Override
    public List<OpenWrite> sentRepeatedly() {
        return withTokenSharers(
                row -> row.repeated && (row.state == IntentState.CREATED || row.state == IntentState.REFUSED));
    }

    private List<OpenWrite> withTokenSharers(Predicate<Row> wanted) {
        Set<String> tokens = rows.values().stream()
                .filter(wanted)
                .map(row -> row.write.token())
                .collect(Collectors.toSet());
        return rows.values().stream()
                .filter(row ->
                        wanted.test(row) || (row.state == IntentState.CREATED && tokens.contains(row.write.token())))
                .map(this::openWrite)
                .toList();
    }

    @Override
    public Optional<Instant> lastSuccess() {
        return rows.values().stream()
                .filter(row -> row.state == IntentState.CREATED)
                .map(row -> row.lastSentAt)
                .max(Instant::compareTo);
    }

    @Override
    public void settle(Map<UUID, Verdict> verdicts, StepContext context) {
        context.fence();
        Map<UUID, Row> byId = rows.values().stream().collect(Collectors.toMap(row -> row.id, row -> row));
        verdicts.forEach((id, verdict) -> {
            Row row = byId.get(id);
            switch (verdict) {
                case Verdict.Created(String targetId) -> {
                    row.state = IntentState.CREATED;
                    row.targetId = targetId;
                }
                case Verdict.SendAgain(int unitLimit, boolean unanswered, boolean failedAlone) -> {
                    row.state = IntentState.INTENDED;
                    row.unitLimit = unitLimit;
                    row.loneFailures += failedAlone ? 1 : 0;
                    row.repeated |= unanswered;
                }
                case Verdict.Refused(ReasonCode reason) -> {
                    row.state = IntentState.REFUSED;
                    row.reason = reason;
                }
            }
        });
    }

    @Override
    public void noLateCopies(Collection<UUID> writes, StepContext context) {
        context.fence();
        rows.values().stream().filter(row -> writes.contains(row.id)).forEach(row -> row.repeated = false);
    }

    @Override
    public Counts counts() {
        return new Counts(rows.size(), count(IntentState.CREATED), count(IntentState.REFUSED));
    }

    long count(IntentState state) {
        return rows.values().stream().filter(row -> row.state == state).count();
    }

    @Override
    public void forEachOutcome(Consumer<WriteOutcome> consumer) {
        rows.values()
                .forEach(row -> consumer.accept(new WriteOutcome(
                        row.write.sourceId(),
                        row.state,
                        Optional.ofNullable(row.targetId),
                        row.state == IntentState.REFUSED ? Optional.ofNullable(row.reason) : Optional.empty())));
    }

    @Override
    public void forEachCreated(Consumer<CreatedObject> consumer) {
        new ArrayList<>(rows.values())
                .reversed().stream()
                        .filter(row -> row.state == IntentState.CREATED)
                        .forEach(row -> consumer.accept(
                                new CreatedObject(row.write.sourceId(), row.targetId, row.write.payload())));
    }

    @Override
    public void removed(Collection<String> sourceIds, StepContext context) {
        context.fence();
        sourceIds.forEach(id -> rows.get(id).state = IntentState.REMOVED);
    }

    @Override
    public String fingerprint(String token) {
        return "fingerprint of " + token;
    }

    private OpenWrite openWrite(Row row) {
        return new OpenWrite(
                row.id,
                row.write.sourceId(),
                fingerprint(row.write.token()),
                row.presentBefore,
                row.state,
                Optional.ofNullable(row.targetId),
                Optional.ofNullable(row.reason),
                row.unitSize,
                row.loneFailures,
                row.firstSentAt,
                row.lastSentAt,
                Duration.between(row.lastSentAt, clock.get()));
    }

    private List<Row> rowsOf(List<Intent> unit, IntentState expected) {
        List<Row> found =
                unit.stream().map(intent -> rows.get(intent.sourceId())).toList();
        if (found.stream().anyMatch(row -> row.state != expected)) {
            throw new IllegalStateException("a write is not " + expected);
        }
        return found;
    }
}
