package io.vaultferry.sandbox.server;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many calls a second a server allows, over all its clients: a token bucket that holds one second's calls. Nothing of it is
 * shown to clients but the refusals. Thread-safe.
 */
public final class RateLimit {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private int perSecond;
    private double tokens;
    private long filledAt;
    private long allowed;
    private long refused;

    /** @param perSecond 0 allows any number */
    RateLimit(int perSecond, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        set(perSecond);
    }

    /** From now on, with a full bucket and counts from 0. */
    public synchronized void set(int newPerSecond) {
        perSecond = newPerSecond;
        tokens = newPerSecond;
        filledAt = nanoTime.getAsLong();
        allowed = 0;
        refused = 0;
    }

    /** Takes a call in: empty when it may go on, else the whole seconds to wait before the next one, at least 1. */
    synchronized OptionalLong admit() {
        if (perSecond == 0) {
            return OptionalLong.empty();
        }
        long now = nanoTime.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - filledAt) / NANOS * perSecond);
        filledAt = now;
        if (tokens >= 1) {
            tokens--;
            allowed++;
            return OptionalLong.empty();
        }
        refused++;
        return OptionalLong.of((long) Math.ceil((1 - tokens) / perSecond));
    }

    public synchronized int perSecond() {
        return perSecond;
    }

    public synchronized long allowed() {
        return allowed;
    }

    public synchronized long refused() {
        return refused;
    }
}
