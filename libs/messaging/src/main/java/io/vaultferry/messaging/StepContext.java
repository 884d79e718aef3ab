package io.vaultferry.messaging;

import io.vaultferry.contracts.MigrationId;

/** What a {@link StepHandler} knows about the job it works on. Safe for use by several threads of one job. */
public interface StepContext {

    /** The migration. */
    MigrationId migrationId();

    /** Which attempt of the step this is; 1 for the first. */
    int attempt();

    /**
     * Goes on, or stops the step. Call it between units of work, and always directly before a write to a server: it
     * touches no database and costs nothing.
     *
     * @throws StepStoppedException when the step was asked to halt, when the process shuts down, or when this worker can
     *     no longer be sure of holding the lease of the job
     */
    void checkpoint();

    /**
     * Makes the current transaction succeed only while this worker holds the job: after a takeover it throws, and before
     * its end no takeover happens. Use it in the transaction that records a write as about to be sent.
     *
     * @throws StepStoppedException when another worker has taken the job over
     */
    void fence();

    /**
     * Says how far the step is. Never blocks and never fails: at most the latest of a second's calls is sent, and none
     * while the broker cannot be reached.
     *
     * @param done objects finished, whatever their outcome
     * @param total objects to do
     * @param bytesDone bytes finished; 0 where bytes are not counted
     * @param bytesTotal bytes to do; 0 where bytes are not counted
     */
    void progress(long done, long total, long bytesDone, long bytesTotal);
}
