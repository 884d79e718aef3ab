package io.vaultferry.attachment.domain;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A lease that ends when a test says so, or at a certain checkpoint. */
final class Lease implements StepContext {

    private final MigrationId migration;
    private final AtomicLong checkpoints = new AtomicLong();
    private final List<Long> bytesPassed = new CopyOnWriteArrayList<>();
    private volatile long endsAt = Long.MAX_VALUE;
    private volatile Runnable atCheckpoint = () -> {};

    Lease(MigrationId migration) {
        this.migration = migration;
    }

    Lease endingAtCheckpoint(long number) {
        endsAt = number;
        return this;
    }

    Lease doingAtCheckpoints(Runnable action) {
        atCheckpoint = action;
        return this;
    }

    void end() {
        endsAt = 0;
    }

    long checkpoints() {
        return checkpoints.get();
    }

    @Override
    public MigrationId migrationId() {
        return migration;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public void checkpoint() {
        atCheckpoint.run();
        if (checkpoints.incrementAndGet() >= endsAt) {
            throw new StepStoppedException("the lease has ended");
        }
    }

    @Override
    public void fence() {
        checkpoint();
    }

    /** What was said of a file, without repetitions. */
    List<Long> bytesPassed() {
        return List.copyOf(bytesPassed);
    }

    @Override
    public void progress(long done, long total, long bytesDone, long bytesTotal) {
        if (bytesPassed.isEmpty() || bytesPassed.getLast() != bytesDone) {
            bytesPassed.add(bytesDone);
        }
    }
}
