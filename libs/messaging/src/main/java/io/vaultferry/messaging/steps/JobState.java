package io.vaultferry.messaging.steps;

/** Where a job is. Stored by name. */
enum JobState {
    /** Waits for a worker. */
    READY,
    /** Held by a worker, or by one that died. */
    RUNNING,
    /** Held by a worker that has been asked to stop; its answer will be {@code StepHalted}. */
    HALTING,
    /** Held by a worker on an earlier attempt that has been asked to stop; then {@link #READY} for the attempt of the row. */
    REPLACING,
    /** Answered. */
    DONE
}
