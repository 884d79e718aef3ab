package io.vaultferry.participant.journal;

/**
 * How much goes into one call.
 *
 * @param objects the most objects
 * @param bytes the most bytes of payload; a single object may be larger
 */
public record UnitLimits(int objects, long bytes) {

    /** One object a call. */
    public static final UnitLimits ONE_BY_ONE = new UnitLimits(1, Long.MAX_VALUE);

    public UnitLimits {
        if (objects < 1 || bytes < 1) {
            throw new IllegalArgumentException("a unit holds at least one object");
        }
    }
}
