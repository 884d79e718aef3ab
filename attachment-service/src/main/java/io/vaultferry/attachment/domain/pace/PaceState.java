package io.vaultferry.attachment.domain.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of a server's limit, by what it refused. Requests are given turns, spaced by the present rate; a refusal is
 * an answer that says "too many requests".
 *
 * <p>Until the first refusal the rate grows with every request, to no limit at all. Between two refusals a token bucket lets
 * through what it is filled with, so requests divided by time is the server's limit: the ceiling. After a refusal the rate
 * begins below the ceiling, comes close to it slowly, and passes it slowly; when that is not refused for long, it grows
 * ever faster. Each refusal thereby costs at least some {@value #REQUESTS_PER_REFUSAL} requests of good behavior.
 *
 * @param ceiling requests a second that the server is believed to take; empty while it has refused none
 * @param sure whether the ceiling was measured between two refusals, and not guessed at the first
 * @param since when the latest refusal came; the beginning while there is none
 * @param sent turns given since then
 * @param busySeconds time since then, without times in which nobody wanted a turn
 * @param refusals requests that the latest refusal hit
 * @param notBefore when the server wants to be asked again
 * @param nextTurn the earliest time of the next turn
 * @param latestTurn the time of the latest turn that was given
 * @param epoch counts refusals: turns of an earlier epoch are void
 * @param windowStart begin of the present second of the measurement of what is sent
 * @param windowSent turns given in it
 * @param measured requests in the second before it
 */
public record PaceState(
        OptionalDouble ceiling,
        boolean sure,
        Instant since,
        long sent,
        double busySeconds,
        int refusals,
        Instant notBefore,
        Instant nextTurn,
        Instant latestTurn,
        long epoch,
        Instant windowStart,
        long windowSent,
        double measured) {

    /** Requests a second from which on a rate that nobody refuses is no limit any more. */
    static final double FREE_FROM = 400;

    static final int REQUESTS_PER_REFUSAL = 70;
    private static final double FIRST_RATE = 10;
    private static final double GROWTH_PER_REQUEST = 2;
    private static final double FIRST_DECREASE = 6;
    private static final double LOWEST_RATE = 0.02;

    /** How far below the ceiling the slow part of the growth begins. */
    private static final double BELOW_CEILING = 0.1;

    /** In half cycles. */
    private static final double END_OF_SLOW_PART = 1.5;

    private static final int MOST_THAT_COUNT = 6;

    /** The slow part takes at least twice so long, so that a pause of a second after each refusal does not count. */
    private static final double HALF_CYCLE_SECONDS = 8;

    private static final double SECONDS_PER_DOUBLING = 2;
    private static final int LEAST_PER_DOUBLING = 20;
    private static final double BEGIN_WHEN_UNSURE = 0.8;
    private static final int LEAST_PER_DOUBLING_WHEN_UNSURE = 12;
    private static final int FEW = 4;
    private static final Duration PAUSE_WHEN_NONE_IS_NAMED = Duration.ofSeconds(1);
    private static final Duration LONGEST_GUESSED_PAUSE = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
    /** Turns are given for so long in advance at most, so that few are void after a refusal. */
    private static final Duration HORIZON = Duration.ofMillis(150);

    private static final Duration WINDOW = Duration.ofSeconds(1);

    public PaceState {
        Objects.requireNonNull(ceiling, "ceiling");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(notBefore, "notBefore");
        Objects.requireNonNull(nextTurn, "nextTurn");
        Objects.requireNonNull(latestTurn, "latestTurn");
        Objects.requireNonNull(windowStart, "windowStart");
    }

    /** Nothing is known. */
    public static PaceState unknown(Instant now) {
        return unknown(now, 0);
    }

    private static PaceState unknown(Instant now, long epoch) {
        return new PaceState(OptionalDouble.empty(), false, now, 0, 0, 0, now, now, now, epoch, now, 0, 0);
    }

    /** Requests a second at present; infinite when there is no limit. */
    public double rate(OptionalDouble most) {
        return Math.min(most.orElse(Double.POSITIVE_INFINITY), ownRate());
    }

    private double ownRate() {
        double rate = ceiling.isEmpty() ? FIRST_RATE + GROWTH_PER_REQUEST * sent : rateBelow(ceiling.getAsDouble());
        return rate >= FREE_FROM ? Double.POSITIVE_INFINITY : Math.max(LOWEST_RATE, rate);
    }

    private double rateBelow(double limit) {
        if (!sure) {
            return limit
                    * BEGIN_WHEN_UNSURE
                    * Math.pow(2, sent / Math.max(LEAST_PER_DOUBLING_WHEN_UNSURE, SECONDS_PER_DOUBLING * limit));
        }
        double half = halfCycle(limit);
        double progress = sent / half;
        return progress <= END_OF_SLOW_PART
                ? limit * (1 + BELOW_CEILING * Math.pow(progress - 1, 3))
                : limit
                        * Math.pow(
                                2,
                                (sent - END_OF_SLOW_PART * half)
                                        / Math.max(LEAST_PER_DOUBLING, SECONDS_PER_DOUBLING * limit));
    }

    /** Requests until the rate is at the ceiling again. */
    private double halfCycle(double limit) {
        double pause = Math.max(1, seconds(Duration.between(since, notBefore)));
        return Math.max(
                (double) REQUESTS_PER_REFUSAL * Math.min(refusals, MOST_THAT_COUNT),
                HALF_CYCLE_SECONDS * pause * limit);
    }

    /**
     * Gives turns to requests that are ready to leave, or notes, while there is no limit, that so many have left.
     *
     * @param wanted at least 1
     * @param most a limit set by configuration
     */
    public Turns take(int wanted, OptionalDouble most, Instant now) {
        if (Duration.between(latestTurn, now).compareTo(FORGOTTEN_AFTER) > 0 && now.isAfter(notBefore)) {
            return unknown(now, epoch + 1).take(wanted, most, now);
        }
        double rate = rate(most);
        Instant first = latest(now, notBefore, Double.isInfinite(rate) ? now : nextTurn);
        Duration ahead = Duration.between(now, first);
        if (ahead.compareTo(HORIZON) > 0) {
            return new Turns(this, first.minus(HORIZON.dividedBy(2)), Duration.ZERO, 0);
        }
        Duration spacing = Double.isInfinite(rate) ? Duration.ZERO : ofSeconds(1 / rate);
        int count = Double.isInfinite(rate)
                ? wanted
                : (int) Math.min(wanted, 1 + (long) (seconds(HORIZON.minus(ahead)) * rate));
        Instant next = first.plus(spacing.multipliedBy(count));
        double idle = seconds(Duration.between(latest(latestTurn, notBefore), first));
        double gap = Double.isInfinite(rate) ? idle : Math.min(idle, 2 / rate);
        boolean windowIsOver = Duration.between(windowStart, now).compareTo(WINDOW) >= 0;
        PaceState after = new PaceState(
                ceiling,
                sure,
                since,
                sent + count,
                busySeconds + Math.max(0, gap) + (count - 1) * seconds(spacing),
                refusals,
                notBefore,
                next,
                first.plus(spacing.multipliedBy(count - 1L)),
                epoch,
                windowIsOver ? now : windowStart,
                (windowIsOver ? 0 : windowSent) + count,
                windowIsOver ? windowSent / seconds(Duration.between(windowStart, now)) : measured);
        return new Turns(after, first, spacing, count);
    }

    /**
     * Notes a refusal.
     *
     * @param turnEpoch the epoch in which the refused request was given its turn. One of an earlier epoch left before the
     *     latest refusal was known and tells nothing new
     * @param retryAfter how long the server wants to be left alone, when it says so
     */
    public PaceState refused(long turnEpoch, Optional<Duration> retryAfter, OptionalDouble most, Instant now) {
        if (turnEpoch < epoch) {
            Instant later =
                    retryAfter.map(now::plus).filter(notBefore::isBefore).orElse(notBefore);
            return with(ceiling, sure, since, sent, busySeconds, refusals + 1, later, epoch);
        }
        Duration pause = retryAfter.orElseGet(this::guessedPause);
        Instant until = latest(notBefore, now.plus(pause));
        double before = Double.isInfinite(rate(most)) ? throughput(now) : rate(most);
        // Turns that were given and have not come yet do not count.
        double ahead = Math.max(0, seconds(Duration.between(now, nextTurn)) * before);
        double passed = Math.max(0, sent - ahead - 1);
        OptionalDouble learned;
        boolean certain;
        if (ceiling.isEmpty()) {
            double guess = before / FIRST_DECREASE;
            learned = OptionalDouble.of(passed < FEW ? Math.min(guess, 1 / Math.max(1, seconds(pause))) : guess);
            certain = false;
        } else {
            double busy = Math.max(0.001, busySeconds - ahead / before);
            double active = Math.max(0.001, busy - Math.max(0, seconds(Duration.between(since, notBefore))));
            // The bucket was empty then and is empty now: at least this much has flown into it. Had it been full for a
            // while, more might have.
            double least = (passed + 0.5) / busy;
            double highest = sure ? before : Math.min(before, (passed + 1) / active);
            double weight = sure ? 1 / 2.0 : 2 / 3.0;
            double between = Math.pow(Math.min(least, highest), weight) * Math.pow(highest, 1 - weight);
            learned = OptionalDouble.of(Math.max(before / 8, between));
            certain = passed >= FEW - 1;
        }
        return with(learned, certain, now, 0, seconds(Duration.between(now, until)), 1, until, epoch + 1);
    }

    private Duration guessedPause() {
        Duration latestPause = Duration.between(since, notBefore);
        boolean inVain = refusals > 0 && sent <= 1 && latestPause.isPositive();
        Duration longer = inVain ? latestPause.multipliedBy(2) : PAUSE_WHEN_NONE_IS_NAMED;
        return longer.compareTo(LONGEST_GUESSED_PAUSE) > 0 ? LONGEST_GUESSED_PAUSE : longer;
    }

    private double throughput(Instant now) {
        double elapsed = Math.max(0.25, seconds(Duration.between(windowStart, now)));
        return Math.max(FIRST_RATE, Math.max(measured, windowSent / elapsed));
    }

    private PaceState with(
            OptionalDouble newCeiling,
            boolean newSure,
            Instant newSince,
            long newSent,
            double newBusySeconds,
            int newRefusals,
            Instant until,
            long newEpoch) {
        return new PaceState(
                newCeiling,
                newSure,
                newSince,
                newSent,
                newBusySeconds,
                newRefusals,
                until,
                until,
                latestTurn,
                newEpoch,
                windowStart,
                windowSent,
                measured);
    }

    private static Instant latest(Instant... times) {
        Instant latest = times[0];
        for (Instant time : times) {
            latest = time.isAfter(latest) ? time : latest;
        }
        return latest;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofNanos(Math.max(1, Math.round(seconds * 1e9)));
    }
}
