package io.vaultferry.attachment.domain.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Instances with eight workers each that send requests one after the other, as fast as the shared pace lets them, to a server
 * with a token bucket. Time is simulated; each instance learns of the others only when it takes turns.
 */
final class SimulatedInstances {

    private static final int WORKERS = 8;
    private static final double DATABASE = 0.002;
    private static final double FREE_FOR = 0.2;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /**
     * A server and what asks it.
     *
     * @param limit requests a second that flow into the bucket, by the time in seconds
     * @param burst requests that fit into it
     * @param latency seconds from request to answer, on average; each takes between half and one and a half of it
     * @param namesDelay whether a refusal carries Retry-After, in whole seconds
     */
    record Setting(
            DoubleUnaryOperator limit, double burst, double latency, int instances, boolean namesDelay, long seed) {}

    /** What was counted from a certain time on. */
    record Count(long taken, long refused, double allowed) {

        double share() {
            return taken / allowed;
        }

        double refusals() {
            return (double) refused / (taken + refused);
        }
    }

    private record Event(double time, long number, Runnable action) {}

    private final Setting setting;
    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingDouble(Event::time).thenComparingLong(Event::number));
    private PaceState state = PaceState.unknown(BEGIN);
    private double now;
    private long number;
    private double tokens;
    private double filledAt;
    private double countedFrom;
    private long taken;
    private long refused;

    private SimulatedInstances(Setting setting) {
        this.setting = setting;
        this.random = new Random(setting.seed());
        this.tokens = setting.burst();
    }

    /** Counts the requests between two times, in seconds from the beginning. */
    static Count run(Setting setting, double from, double until) {
        SimulatedInstances simulation = new SimulatedInstances(setting);
        simulation.countedFrom = from;
        for (int i = 0; i < setting.instances(); i++) {
            SimulatedInstance instance = simulation.new SimulatedInstance();
            for (int worker = 0; worker < WORKERS; worker++) {
                simulation.after(simulation.random.nextDouble() / 20, instance::want);
            }
        }
        simulation.runUntil(until);
        double allowed = 0;
        for (double time = from; time < until; time += 0.1) {
            allowed += setting.limit().applyAsDouble(time) / 10;
        }
        return new Count(simulation.taken, simulation.refused, allowed);
    }

    private void after(double seconds, Runnable action) {
        events.add(new Event(now + seconds, number++, action));
    }

    private void runUntil(double end) {
        while (events.element().time() < end) {
            Event event = events.remove();
            now = event.time();
            event.action().run();
        }
    }

    private Instant clock() {
        return BEGIN.plusNanos(Math.round(now * 1e9));
    }

    private boolean serve() {
        double limit = setting.limit().applyAsDouble(now);
        tokens = Math.min(setting.burst(), tokens + (now - filledAt) * limit);
        filledAt = now;
        boolean takes = tokens >= 1;
        tokens -= takes ? 1 : 0;
        if (now >= countedFrom) {
            taken += takes ? 1 : 0;
            refused += takes ? 0 : 1;
        }
        return takes;
    }

    private Optional<Duration> retryAfter() {
        double seconds = Math.ceil((1 - tokens) / setting.limit().applyAsDouble(now));
        return setting.namesDelay() ? Optional.of(Duration.ofSeconds((long) Math.max(1, seconds))) : Optional.empty();
    }

    private final class SimulatedInstance {

        private final Queue<Double> turns = new ArrayDeque<>();
        private long epoch = -1;
        private int waiting;
        private int leftFreely;
        private boolean asking;
        private boolean free;
        private double freeUntil;

        void want() {
            waiting++;
            pump();
        }

        private void pump() {
            while (waiting > 0 && free && now < freeUntil) {
                waiting--;
                leftFreely++;
                send();
            }
            while (waiting > 0 && !turns.isEmpty()) {
                waiting--;
                long turnEpoch = epoch;
                after(Math.max(0, turns.remove() - now), () -> sendUnlessVoid(turnEpoch));
            }
            if (waiting > 0) {
                askAfter(DATABASE);
            }
        }

        private void sendUnlessVoid(long turnEpoch) {
            if (turnEpoch == epoch) {
                send();
            } else {
                want();
            }
        }

        private void askAfter(double seconds) {
            if (!asking) {
                asking = true;
                after(seconds, this::ask);
            }
        }

        private void ask() {
            asking = false;
            Turns given = state.take(Math.max(1, free ? leftFreely : waiting), OptionalDouble.empty(), clock());
            leftFreely = 0;
            learn(given.after());
            double first = Duration.between(BEGIN, given.first()).toNanos() / 1e9;
            free = given.free();
            if (given.count() == 0) {
                askAfter(Math.max(DATABASE, first - now));
                return;
            }
            freeUntil = now + FREE_FOR;
            for (int i = 0; !free && i < Math.min(given.count(), waiting); i++) {
                turns.add(first + i * given.spacing().toNanos() / 1e9);
            }
            pump();
        }

        private void learn(PaceState learned) {
            state = learned;
            if (learned.epoch() != epoch) {
                epoch = learned.epoch();
                turns.clear();
                free = false;
            }
        }

        private void send() {
            long turnEpoch = epoch;
            double oneWay = setting.latency() * (0.5 + random.nextDouble()) / 2;
            after(oneWay, () -> {
                boolean takes = serve();
                Optional<Duration> delay = retryAfter();
                after(oneWay, () -> answered(takes, turnEpoch, delay));
            });
        }

        private void answered(boolean takes, long turnEpoch, Optional<Duration> delay) {
            if (takes) {
                want();
            } else {
                after(DATABASE, () -> {
                    learn(state.refused(turnEpoch, delay, OptionalDouble.empty(), clock()));
                    want();
                });
            }
        }
    }
}
