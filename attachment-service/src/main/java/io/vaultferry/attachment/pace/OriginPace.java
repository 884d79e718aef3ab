package io.vaultferry.attachment.pace;

import io.vaultferry.attachment.domain.pace.PaceState;
import io.vaultferry.attachment.domain.pace.Turns;
import io.vaultferry.attachment.persistence.PaceRepository;
import io.vaultferry.attachment.persistence.PaceRepository.Changed;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepFailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The turns of this process's requests to one server. They are taken from the database, a fraction of a second in advance and
 * for all requests that wait at once, by one thread at a time. While the server has no limit, the database is only told
 * now and then how many requests left.
 */
final class OriginPace {

    private static final Logger LOG = Logger.getLogger(OriginPace.class);
    private static final long FREE_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CHECKPOINT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String origin;
    private final PaceRepository paces;
    private final PaceSettings settings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    /** By {@link System#nanoTime}. */
    private final Queue<Long> turns = new ArrayDeque<>();

    private long epoch = -1;
    private int wanted;
    private boolean asking;
    private long askAt = System.nanoTime();
    private boolean free;
    private long freeUntil;
    private int leftFreely;
    private volatile double rate = Double.POSITIVE_INFINITY;

    /** @param origin names the server in the database */
    OriginPace(String origin, PaceRepository paces, PaceSettings settings) {
        this.origin = origin;
        this.paces = paces;
        this.settings = settings;
    }

    /** Requests a second at present, by all instances; infinite without a limit. */
    double rate() {
        return rate;
    }

    /**
     * Waits until a request may leave.
     *
     * @param delayed run when it had to wait for a limit
     * @return the epoch of its turn
     */
    long await(StepContext lease, Runnable delayed) throws InterruptedException {
        boolean said = false;
        lock.lockInterruptibly();
        try {
            wanted++;
            try {
                while (true) {
                    lease.checkpoint();
                    long now = System.nanoTime();
                    if (free && now - freeUntil < 0) {
                        leftFreely++;
                        return epoch;
                    }
                    if (!turns.isEmpty()) {
                        long turn = turns.remove();
                        long turnEpoch = epoch;
                        wanted--;
                        try {
                            if (comes(turn, turnEpoch, lease)) {
                                return turnEpoch;
                            }
                        } finally {
                            wanted++;
                        }
                    } else if (asking || now - askAt < 0) {
                        if (!asking && !said) {
                            delayed.run();
                            said = true;
                        }
                        refuseToWaitTooLong(askAt - now);
                        awaitNews(asking ? CHECKPOINT_NANOS : askAt - now);
                    } else {
                        ask();
                    }
                }
            } finally {
                wanted--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a turn; false when it has become void. */
    private boolean comes(long turn, long turnEpoch, StepContext lease) throws InterruptedException {
        while (epoch == turnEpoch) {
            long left = turn - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            awaitNews(left);
            lease.checkpoint();
        }
        return false;
    }

    @SuppressWarnings("WaitNotInLoop") // All callers are loops that look again.
    private void awaitNews(long nanos) throws InterruptedException {
        long left = news.awaitNanos(Math.min(nanos, CHECKPOINT_NANOS));
        LOG.tracef("woken %d ns before the time", left);
    }

    private void refuseToWaitTooLong(long nanos) {
        Duration wait = Duration.ofNanos(nanos);
        if (wait.compareTo(settings.longestWait()) > 0) {
            throw new StepFailureException(new StepFailure(
                    FailureCode.RATE_LIMITED,
                    "the server wants to be left alone for " + wait.toSeconds() + " s",
                    Optional.of(wait)));
        }
    }

    /** Asks the database for turns, for everybody who waits. The lock is given up meanwhile. */
    private void ask() {
        asking = true;
        boolean wasFree = free;
        int left = leftFreely;
        int number = wasFree ? Math.max(1, left) : wanted;
        Optional<Changed<Turns>> answer = Optional.empty();
        lock.unlock();
        try {
            answer = Optional.of(paces.change(
                    origin, (state, now) -> state.take(number, settings.mostRequests(), now), Turns::after));
        } catch (RuntimeException e) {
            // Nothing may leave without a turn; the lease ends by itself when the database stays away.
            LOG.debugf("no turns can be taken now: %s", e.getClass().getSimpleName());
        } finally {
            lock.lock();
            asking = false;
            askAt = System.nanoTime() + PAUSE_AFTER_FAILURE_NANOS;
            news.signalAll();
        }
        answer.ifPresent(changed -> {
            leftFreely -= wasFree ? left : 0;
            take(changed.result(), changed.now());
        });
    }

    private void take(Turns given, Instant now) {
        learn(given.after());
        long received = System.nanoTime();
        long first = received + Duration.between(now, given.first()).toNanos();
        askAt = given.count() == 0 ? first : received;
        free = given.free();
        if (free) {
            freeUntil = received + FREE_FOR_NANOS;
        } else {
            // Of what was asked for after the fact, while there was no limit, only what is wanted still counts.
            for (int i = 0; i < Math.min(given.count(), wanted); i++) {
                turns.add(first + given.spacing().toNanos() * i);
            }
        }
    }

    private void learn(PaceState state) {
        rate = state.rate(settings.mostRequests());
        if (state.epoch() != epoch) {
            epoch = state.epoch();
            turns.clear();
            free = false;
        }
    }

    /** Tells everybody that the server did not take a request with a turn of this epoch. */
    void refused(long turnEpoch, Optional<Duration> retryAfter) {
        try {
            Changed<PaceState> changed = paces.change(
                    origin,
                    (state, now) -> state.refused(turnEpoch, retryAfter, settings.mostRequests(), now),
                    state -> state);
            lock.lock();
            try {
                learn(changed.result());
                askAt = System.nanoTime();
                news.signalAll();
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException e) {
            LOG.debugf(
                    "a refusal is not noted; the next one will be: %s",
                    e.getClass().getSimpleName());
        }
    }
}
