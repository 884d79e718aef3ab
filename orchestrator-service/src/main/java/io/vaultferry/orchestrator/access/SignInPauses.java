package io.vaultferry.orchestrator.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes an address that showed a wrong key wait before it may try again, longer with every wrong one. Others do not wait,
 * so that nobody can shut the operator out. Nobody guesses 256 bits; this keeps noise out of the log. Thread-safe.
 */
@ApplicationScoped
class SignInPauses {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int DOUBLINGS = 5;
    /** The past of an address that showed no wrong key for this long is forgotten. */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private static final int MOST_ADDRESSES = 1_000;

    private final Map<String, Failures> failures = new LinkedHashMap<>();
    private final InstantSource clock;

    private record Failures(int count, Instant last) {

        Instant pauseEnd() {
            Duration pause = FIRST.multipliedBy(1L << Math.min(count - 1, DOUBLINGS));
            return last.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
        }
    }

    @Inject
    SignInPauses() {
        this(InstantSource.system());
    }

    SignInPauses(InstantSource clock) {
        this.clock = clock;
    }

    /** How long an address has still to wait; empty when it may try. */
    synchronized Optional<Duration> left(String address) {
        return Optional.ofNullable(failures.get(address))
                .map(past -> Duration.between(clock.instant(), past.pauseEnd()))
                .filter(Duration::isPositive);
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        failures.values().removeIf(past -> past.last().plus(MEMORY).isBefore(now));
        Failures past = failures.remove(address);
        if (failures.size() >= MOST_ADDRESSES) {
            failures.remove(failures.keySet().iterator().next());
        }
        failures.put(address, new Failures(past == null ? 1 : past.count() + 1, now));
    }

    synchronized void succeeded(String address) {
        failures.remove(address);
    }
}
