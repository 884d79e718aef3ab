package io.vaultferry.participant.journal;

import java.time.Duration;
import java.util.Objects;

/**
 * How patient a writer is.
 *
 * @param quiesce the time between two listings that have to be equal
 * @param inFlight the longest time that a call may still have an effect after its worker has gone or given it up
 * @param mostListings listings until a target that does not come to rest is given up for now
 * @param mostUnmatched objects that were accepted without ids until they are looked for
 * @param mostRefusals calls in a row that the target did not take until it is given up for now
 * @param longestWait the longest wait in the middle of a step; a target that asks for more is given up for now
 * @param pause lets time pass
 */
record WriterSettings(
        Duration quiesce,
        Duration inFlight,
        int mostListings,
        int mostUnmatched,
        int mostRefusals,
        Duration longestWait,
        Pause pause) {

    WriterSettings {
        Objects.requireNonNull(quiesce, "quiesce");
        Objects.requireNonNull(inFlight, "inFlight");
        Objects.requireNonNull(longestWait, "longestWait");
        Objects.requireNonNull(pause, "pause");
    }

    static WriterSettings of(Duration quiesce, Duration inFlight) {
        return new WriterSettings(
                quiesce, inFlight, 60, 20_000, 8, Duration.ofMinutes(1), duration -> Thread.sleep(duration));
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }
}
