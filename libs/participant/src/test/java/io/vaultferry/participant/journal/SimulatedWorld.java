package io.vaultferry.participant.journal;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.participant.journal.WriteAnswer.NoForGood;
import io.vaultferry.participant.journal.WriteAnswer.NoSafeToResend;
import io.vaultferry.participant.journal.WriteAnswer.Unknown;
import io.vaultferry.participant.journal.WriteAnswer.Yes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Virtual time, a target that is not idempotent, and everything that can go wrong between it and a worker, all decided by one
 * seed.
 */
final class SimulatedWorld implements TargetWrite {

    static final Duration QUIESCE = Duration.ofSeconds(3);
    static final Duration IN_FLIGHT = Duration.ofSeconds(30);

    /** What the target does with an object, whenever it is sent. */
    enum Manner {
        TAKES,
        SWALLOWS,
        REFUSES,
        BREAKS
    }

    /** The process ends here, and nothing after it happens. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    static final class TargetUnreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    record StoredObject(String id, String token, String sourceId, Instant createdAt) {}

    private record Later(Instant at, long order, Runnable effect) {}

    private final Random random;
    private final Recognition recognition;
    private final boolean tellsIds;
    private final boolean allOrNothing;
    private final Map<String, Manner> manners;
    private final Map<String, StoredObject> stored = new LinkedHashMap<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(java.util.Comparator.comparing(Later::at).thenComparing(Later::order));
    private final Map<String, Integer> loneFaults = new HashMap<>();
    private Instant now = Instant.parse("2026-11-23T00:00:00Z");
    private long nextId = 1;
    private double faults;
    private double crashes;
    private Duration latest = QUIESCE.multipliedBy(2).minusMillis(500);

    SimulatedWorld(long seed, Recognition recognition, Map<String, Manner> manners) {
        this.random = new Random(seed);
        this.recognition = recognition;
        this.manners = manners;
        this.tellsIds = random.nextBoolean();
        this.allOrNothing = random.nextBoolean();
        this.faults = random.nextDouble() * 0.5;
        this.crashes = random.nextDouble() * 0.06;
    }

    /** From now on everything works, as long as the objects are good. */
    void heal() {
        faults = 0;
        crashes = 0;
    }

    /** Effects of calls whose client has gone may be this late, even if no writer waits for so long. */
    void effectsMayBeLateBy(Duration lateness) {
        latest = lateness;
    }

    Random random() {
        return random;
    }

    Instant now() {
        return now;
    }

    Map<String, StoredObject> stored() {
        return stored;
    }

    void sleep(Duration duration) {
        Instant end = now.plus(duration);
        while (!later.isEmpty() && !later.peek().at().isAfter(end)) {
            Later due = later.poll();
            now = due.at();
            due.effect().run();
        }
        now = end;
    }

    void store(String token, String sourceId) {
        String id = "target-" + nextId++;
        stored.put(id, new StoredObject(id, token, sourceId, now));
    }

    void mayCrash() {
        if (random.nextDouble() < crashes) {
            throw new Crash();
        }
    }

    static byte[] payload(String sourceId, String token) {
        return (sourceId + "|" + token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Recognition recognizedBy() {
        return recognition;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        mayCrash();
        sleep(Duration.ofMillis(random.nextInt(200)));
        if (random.nextDouble() < faults && mayFailAlone(unit)) {
            return switch (random.nextInt(6)) {
                case 0 -> new NoSafeToResend(Optional.empty(), new TargetUnreachable());
                case 1 -> new NoSafeToResend(Optional.of(Duration.ofSeconds(2)), new TargetUnreachable());
                case 2 -> new Unknown();
                case 3 -> {
                    carryOut(unit);
                    yield new Unknown();
                }
                case 4 -> {
                    // The server works on after the client has hung up.
                    carryOutLater(unit, latest);
                    yield new Unknown();
                }
                default -> {
                    carryOut(unit.subList(0, random.nextInt(unit.size() + 1)));
                    yield new Unknown();
                }
            };
        }
        if (random.nextDouble() < crashes) {
            // The worker is gone, or has lost its lease, and its call is on its way all the same.
            carryOutLater(unit, IN_FLIGHT.plus(latest));
            throw new Crash();
        }
        WriteAnswer answer = carryOut(unit);
        mayCrash();
        return answer;
    }

    /** A good object does not fail alone often enough to be taken for a bad one. */
    private boolean mayFailAlone(List<Intent> unit) {
        return unit.size() > 1
                || mannerOf(unit.getFirst()) != Manner.TAKES
                || loneFaults.merge(unit.getFirst().sourceId(), 1, Integer::sum) < Settlement.PATIENCE;
    }

    private WriteAnswer carryOut(List<Intent> unit) {
        if (has(unit, Manner.BREAKS)) {
            for (Intent intent : unit) {
                if (allOrNothing || mannerOf(intent) == Manner.BREAKS) {
                    break;
                }
                if (mannerOf(intent) == Manner.TAKES) {
                    take(intent);
                }
            }
            return new Unknown();
        }
        if (has(unit, Manner.REFUSES)) {
            if (!allOrNothing) {
                unit.stream().filter(intent -> mannerOf(intent) == Manner.TAKES).forEach(this::take);
            }
            return new NoForGood(ReasonCode.REFUSED_BY_TARGET);
        }
        List<String> ids = new ArrayList<>();
        unit.stream().filter(intent -> mannerOf(intent) == Manner.TAKES).forEach(intent -> ids.add(take(intent)));
        return new Yes(tellsIds ? ids : List.of());
    }

    private void carryOutLater(List<Intent> unit, Duration lateness) {
        if (has(unit, Manner.BREAKS) || (allOrNothing && has(unit, Manner.REFUSES))) {
            return;
        }
        for (Intent intent : unit) {
            if (mannerOf(intent) == Manner.TAKES) {
                Instant at = now.plusMillis(random.nextLong(lateness.toMillis()));
                later.add(new Later(at, nextId++, () -> take(intent)));
            }
        }
    }

    private String take(Intent intent) {
        String[] parts = new String(intent.payload(), StandardCharsets.UTF_8).split("\\|", 2);
        store(parts[1], parts[0]);
        return "target-" + (nextId - 1);
    }

    private boolean has(List<Intent> unit, Manner manner) {
        return unit.stream().anyMatch(intent -> mannerOf(intent) == manner);
    }

    private Manner mannerOf(Intent intent) {
        return manners.getOrDefault(intent.sourceId(), Manner.TAKES);
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        mayCrash();
        if (random.nextDouble() < faults / 4) {
            throw new TargetUnreachable();
        }
        new ArrayList<>(stored.values())
                .forEach(object ->
                        found.accept(new Listed(object.token(), object.id(), Optional.of(object.createdAt()), "")));
        sleep(Duration.ofMillis(random.nextInt(100)));
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        mayCrash();
        surplusTargetIds.forEach(stored::remove);
        mayCrash();
    }

    /** The same journal, whose every change may be the last thing before or after a crash. */
    IntentStore crashing(IntentStore store) {
        return (IntentStore) Proxy.newProxyInstance(
                IntentStore.class.getClassLoader(), new Class<?>[] {IntentStore.class}, (proxy, method, arguments) -> {
                    mayCrash();
                    try {
                        Object result = method.invoke(store, arguments);
                        mayCrash();
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    WriterSettings settings() {
        return new WriterSettings(
                QUIESCE, IN_FLIGHT, 60, 1 + random.nextInt(40), 8, Duration.ofMinutes(1), this::sleep);
    }

    static StepContext context() {
        return new StepContext() {
            @Override
            public MigrationId migrationId() {
                return new MigrationId(new java.util.UUID(0, 0));
            }

            @Override
            public int attempt() {
                return 1;
            }

            @Override
            public void checkpoint() {}

            @Override
            public void fence() {}

            @Override
            public void progress(long done, long total, long bytesDone, long bytesTotal) {}
        };
    }

    /** How many objects of each source object the target holds. */
    Map<String, Integer> copies() {
        Map<String, Integer> copies = new HashMap<>();
        stored.values().forEach(object -> copies.merge(object.sourceId(), 1, Integer::sum));
        return copies;
    }
}
