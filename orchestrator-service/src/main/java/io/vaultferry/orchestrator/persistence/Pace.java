package io.vaultferry.orchestrator.persistence;

import java.time.Duration;
import java.util.Optional;

/**
 * What a step does in a second, on average over the last {@link PaceRepository#WINDOW}. Both numbers are 0 when nothing moved
 * within it, and never negative: what has to be done once more is no pace.
 */
public record Pace(double objectsPerSecond, double bytesPerSecond) {

    /**
     * A file takes its calls as well as its bytes: about as long as so many bytes more. Without it, a thousand small files say that a
     * large one after them takes hours, and the large one that thousands after it take no time.
     */
    private static final long BYTES_OF_AN_OBJECT = 1024 * 1024;

    public static final Pace NONE = new Pace(0, 0);

    public Pace plus(Pace other) {
        return new Pace(objectsPerSecond + other.objectsPerSecond, bytesPerSecond + other.bytesPerSecond);
    }

    /**
     * How long the rest takes at this pace; empty when nothing moves, because nobody knows then.
     *
     * @param objects that are left
     * @param bytes that are left; 0 where bytes are not counted
     */
    public Optional<Duration> remaining(long objects, long bytes) {
        if (objects <= 0 && bytes <= 0) {
            return Optional.of(Duration.ZERO);
        }
        double seconds = bytes > 0
                ? (bytes + (double) objects * BYTES_OF_AN_OBJECT)
                        / (bytesPerSecond + objectsPerSecond * BYTES_OF_AN_OBJECT)
                : objects / objectsPerSecond;
        return Double.isFinite(seconds) ? Optional.of(Duration.ofSeconds((long) Math.ceil(seconds))) : Optional.empty();
    }
}
