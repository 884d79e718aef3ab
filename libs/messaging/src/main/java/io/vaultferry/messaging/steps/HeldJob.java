package io.vaultferry.messaging.steps;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A job while a worker of this process holds it. */
final class HeldJob implements StepContext {

    private final StepJob job;
    private final StepJobRepository jobs;
    private final AtomicReference<StepProgressed> unsent = new AtomicReference<>();
    private volatile long holdsUntil;
    private volatile String stopReason;
    private volatile long firstDone = -1;
    private volatile long lastDone = -1;

    /**
     * @param requestedAt {@link System#nanoTime()} from before the lease was asked for
     * @param safe how long after that nobody else can have the job
     */
    HeldJob(StepJob job, StepJobRepository jobs, long requestedAt, Duration safe) {
        this.job = job;
        this.jobs = jobs;
        this.holdsUntil = requestedAt + safe.toNanos();
    }

    StepJob job() {
        return job;
    }

    void renewed(long requestedAt, Duration safe) {
        holdsUntil = requestedAt + safe.toNanos();
    }

    void stop(String reason) {
        stopReason = reason;
    }

    /** The latest progress that was not sent yet. */
    Optional<StepProgressed> takeProgress() {
        return Optional.ofNullable(unsent.getAndSet(null));
    }

    /** Whether objects were finished during this turn. */
    boolean progressed() {
        return lastDone > firstDone;
    }

    @Override
    public MigrationId migrationId() {
        return job.key().migrationId();
    }

    @Override
    public int attempt() {
        return job.attempt();
    }

    @Override
    public void checkpoint() {
        String reason = stopReason;
        if (reason != null) {
            throw new StepStoppedException(reason);
        }
        // Measured with the monotonic clock from before the last renewal was asked for, so it errs on the safe side
        // whatever the wall clocks say and however long this process was frozen.
        if (System.nanoTime() - holdsUntil >= 0) {
            throw new StepStoppedException("the lease could not be renewed");
        }
    }

    @Override
    public void fence() {
        checkpoint();
        if (!jobs.fence(job.key(), job.epoch())) {
            throw new StepStoppedException("another worker has the job");
        }
    }

    @Override
    public void progress(long done, long total, long bytesDone, long bytesTotal) {
        if (firstDone < 0) {
            firstDone = done;
        }
        lastDone = done;
        unsent.set(new StepProgressed(
                job.key().migrationId(), job.key().step(), job.attempt(), done, total, bytesDone, bytesTotal));
    }
}
