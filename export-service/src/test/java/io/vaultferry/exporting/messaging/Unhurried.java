package io.vaultferry.exporting.messaging;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepContext;

/** A job that nobody halts; it can do something at every checkpoint. */
record Unhurried(MigrationId migrationId, Runnable atCheckpoint) implements StepContext {

    Unhurried(MigrationId migration) {
        this(migration, () -> {});
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public void checkpoint() {
        atCheckpoint.run();
    }

    @Override
    public void fence() {}

    @Override
    public void progress(long done, long total, long bytesDone, long bytesTotal) {}
}
