package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells those in this process who watch migrations that there is something new to read. A hint, not a message: who
 * watches reads the database, and looks there by himself from time to time too.
 */
@ApplicationScoped
public class MigrationNews {

    private final List<Consumer<MigrationId>> watchers = new CopyOnWriteArrayList<>();

    /** Calls the watcher, on a foreign thread, whenever something about a migration was committed. It must not block. */
    public void watch(Consumer<MigrationId> watcher) {
        watchers.add(watcher);
    }

    void about(MigrationId migration) {
        watchers.forEach(watcher -> watcher.accept(migration));
    }
}
