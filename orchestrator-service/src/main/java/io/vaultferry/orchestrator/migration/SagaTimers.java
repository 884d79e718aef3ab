package io.vaultferry.orchestrator.migration;

import io.quarkus.scheduler.Scheduled;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Wakes sagas whose deadline has passed or whose members are to be asked again. Any number of instances may run. */
@ApplicationScoped
class SagaTimers {

    private static final Logger LOG = Logger.getLogger(SagaTimers.class);
    private static final Duration AFTER_A_DEFECT = Duration.ofMinutes(1);

    private final Database database;
    private final SagaRunner runner;
    private final MigrationRepository migrations;

    SagaTimers(Database database, SagaRunner runner, MigrationRepository migrations) {
        this.database = database;
        this.runner = runner;
        this.migrations = migrations;
    }

    @Scheduled(every = "${vaultferry.saga.timer-interval:1s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void wakeSagas() {
        while (wakeNext()) {
            LOG.debug("a timer fired");
        }
    }

    /** One saga is one transaction, so that a defect of one holds up no other. */
    private boolean wakeNext() {
        AtomicReference<MigrationId> concerned = new AtomicReference<>();
        try {
            return database.inTransaction(() -> {
                Optional<MigrationId> next = runner.nextDue();
                next.ifPresent(id -> {
                    concerned.set(id);
                    MDC.put("migration", id.toString());
                    runner.applyTimer(id);
                });
                return next.isPresent();
            });
        } catch (RuntimeException e) {
            MigrationId id = concerned.get();
            if (id == null) {
                LOG.warnf("timers cannot be read: %s", e.getClass().getSimpleName());
                return false;
            }
            LOG.errorf(e, "the timer of migration %s failed", id);
            database.inTransaction(() -> migrations.postponeTimer(id, AFTER_A_DEFECT));
            return true;
        } finally {
            MDC.remove("migration");
        }
    }
}
