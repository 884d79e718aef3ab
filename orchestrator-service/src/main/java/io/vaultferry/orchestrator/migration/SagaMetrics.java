package io.vaultferry.orchestrator.migration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.scheduler.Scheduled;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.MigrationRow;
import io.vaultferry.orchestrator.saga.Decision;
import io.vaultferry.orchestrator.saga.SagaStatus;
import io.vaultferry.orchestrator.saga.StepState;
import io.vaultferry.orchestrator.saga.StepStatus;
import io.vaultferry.orchestrator.saga.Transition;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** What sagas tell Prometheus. */
@ApplicationScoped
class SagaMetrics {

    private static final Logger LOG = Logger.getLogger(SagaMetrics.class);

    private final MeterRegistry meters;
    private final MigrationRepository migrations;
    private final Map<SagaStatus, Long> byStatus = new ConcurrentHashMap<>();

    SagaMetrics(MeterRegistry meters, MigrationRepository migrations) {
        this.meters = meters;
        this.migrations = migrations;
        for (SagaStatus status : SagaStatus.values()) {
            Gauge.builder("vaultferry.migrations", () -> byStatus.getOrDefault(status, 0L))
                    .description("Migrations in a status")
                    .tag("status", lower(status))
                    .register(meters);
        }
        // Counters that begin with 0: Prometheus does not see the first increment of one that was not there before.
        Arrays.stream(Transition.values()).forEach(this::transitions);
        Arrays.stream(Decision.IgnoredBecause.values()).forEach(this::ignorings);
        Arrays.stream(Step.values()).forEach(this::overdues);
    }

    @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            byStatus.putAll(migrations.countByStatus());
        } catch (RuntimeException e) {
            LOG.debugf("migrations cannot be counted: %s", e.getClass().getSimpleName());
        }
    }

    void moved(MigrationRow before, Decision.Move move) {
        transitions(move.transition()).increment();
        for (Step step : Step.values()) {
            StepState from = before.saga().steps().get(step);
            StepState to = move.next().steps().get(step);
            if (from.status().awaitsReply() && !to.status().awaitsReply()) {
                ended(step, to.status(), before.steps().get(step));
            }
            if (to.overdue() && !from.overdue()) {
                overdues(step).increment();
            }
        }
    }

    void ignored(Decision.IgnoredBecause reason) {
        ignorings(reason).increment();
    }

    private Counter transitions(Transition transition) {
        return Counter.builder("vaultferry.saga.transitions")
                .description("Transitions of sagas")
                .tag("transition", lower(transition))
                .register(meters);
    }

    private Counter ignorings(Decision.IgnoredBecause reason) {
        return Counter.builder("vaultferry.saga.ignored")
                .description("Inputs of sagas without effect")
                .tag("reason", lower(reason))
                .register(meters);
    }

    private Counter overdues(Step step) {
        return Counter.builder("vaultferry.saga.overdue")
                .description("Commands that were neither answered nor reported on in time")
                .tag("step", lower(step))
                .register(meters);
    }

    private void ended(Step step, StepStatus status, MigrationRow.StepProgress progress) {
        progress.attemptAt()
                .ifPresent(sent -> Timer.builder("vaultferry.step.duration")
                        .description("From a step's command to its answer")
                        .tag("step", lower(step))
                        .tag("outcome", lower(status))
                        .register(meters)
                        .record(Duration.between(sent, Instant.now())));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
