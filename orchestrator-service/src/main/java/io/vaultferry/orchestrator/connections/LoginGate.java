package io.vaultferry.orchestrator.connections;

import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps Vaultferry from hammering an account: one login at a time, none while the server asked to wait, and none for a
 * minute after stored credentials were refused. In memory only. Thread-safe.
 */
@ApplicationScoped
class LoginGate {

    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Set<String> inside = new HashSet<>();
    private final Map<String, Instant> lockedOutUntil = new HashMap<>();
    private final Map<String, Instant> refusedUntil = new HashMap<>();

    LoginGate() {
        this(InstantSource.system());
    }

    LoginGate(InstantSource clock) {
        this.clock = clock;
    }

    /** Names an account on a server; the login name is the e-mail address or the API key's client id. */
    static String account(String serverUrl, String loginName) {
        return serverUrl + "|" + loginName.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Lets one login of an account in, and others wait a little. Close what is returned when the login is over.
     *
     * @throws ProblemException when another one takes long, or the server asked to wait
     */
    synchronized Permit enter(String account) {
        waitForTurn(account);
        forgetThePast();
        Instant end = lockedOutUntil.get(account);
        if (end != null) {
            Duration left = Duration.between(clock.instant(), end);
            throw ProblemException.of(
                            ProblemCode.RATE_LIMITED,
                            "The server limits logins of this account. Try again in " + (left.toSeconds() + 1) + " s.")
                    .retryAfter(left);
        }
        if (!inside.add(account)) {
            throw ProblemException.of(
                            ProblemCode.RATE_LIMITED,
                            "Another login of this account is under way. Wait until it is answered.")
                    .retryAfter(Duration.ofSeconds(2));
        }
        return () -> leave(account);
    }

    /** The server asked to wait. */
    synchronized void lockOut(String account, Duration delay) {
        lockedOutUntil.put(account, clock.instant().plus(delay));
    }

    /** The server refused stored credentials. */
    synchronized void refused(String account) {
        refusedUntil.put(account, clock.instant().plus(PAUSE_AFTER_REFUSAL));
    }

    /** The server accepted credentials of the account. */
    synchronized void accepted(String account) {
        refusedUntil.remove(account);
    }

    /** @throws ProblemException when stored credentials of the account were refused less than a minute ago */
    synchronized void requireNotRefused(String account) {
        forgetThePast();
        Instant end = refusedUntil.get(account);
        if (end != null) {
            throw ProblemException.of(
                            ProblemCode.CREDENTIALS_REJECTED,
                            "The server refused the stored credentials a moment ago. "
                                    + "Give new ones with PUT /api/v1/connections/{id}/credentials.")
                    .retryAfter(Duration.between(clock.instant(), end));
        }
    }

    private synchronized void leave(String account) {
        inside.remove(account);
        notifyAll();
    }

    private synchronized void waitForTurn(String account) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        try {
            while (inside.contains(account)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forgetThePast() {
        Instant now = clock.instant();
        lockedOutUntil.values().removeIf(end -> !end.isAfter(now));
        refusedUntil.values().removeIf(end -> !end.isAfter(now));
    }

    /** One login that is under way. */
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }
}
