package io.vaultferry.orchestrator.migration;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.persistence.ProgressRepository;
import io.vaultferry.orchestrator.persistence.ProgressRepository.Outstanding;
import io.vaultferry.orchestrator.persistence.ProgressRepository.StepSums;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/**
 * How far the migrations are that somebody works on, for Prometheus. Read from the database, so that a restart changes nothing,
 * and not at each scrape. A step's numbers are summed over migrations, so that the number of series does not grow with theirs.
 */
@ApplicationScoped
class ProgressMetrics {

    private static final Logger LOG = Logger.getLogger(ProgressMetrics.class);

    /** A gap in a graph is better than a number that is no longer true. */
    private static final Measured UNKNOWN = new Measured(Map.of(), Optional.empty(), Double.NaN);

    private record Measured(Map<Step, StepSums> steps, Optional<Outstanding> transfers, double standstill) {}

    private final ProgressRepository progress;
    private volatile Measured measured = UNKNOWN;

    ProgressMetrics(MeterRegistry meters, ProgressRepository progress) {
        this.progress = progress;
        for (Step step : Step.values()) {
            Gauge.builder("vaultferry.step.objects", () -> of(step, StepSums::total))
                    .description("Objects that a step has to do, over all migrations that run")
                    .tag("step", lower(step))
                    .register(meters);
            Gauge.builder("vaultferry.step.objects.done", () -> of(step, StepSums::done))
                    .description("Objects that a step is done with, whatever became of them")
                    .tag("step", lower(step))
                    .register(meters);
            Gauge.builder("vaultferry.step.bytes", () -> of(step, StepSums::bytesTotal))
                    .description("Bytes that a step has to move, over all migrations that run")
                    .tag("step", lower(step))
                    .register(meters);
            Gauge.builder("vaultferry.step.bytes.done", () -> of(step, StepSums::bytesDone))
                    .description("Bytes that a step is done with")
                    .tag("step", lower(step))
                    .register(meters);
        }
        Gauge.builder("vaultferry.transfer.files.outstanding", () -> ofTransfers(Outstanding::files))
                .description("Files that are still to be moved, over all migrations that move files now")
                .register(meters);
        Gauge.builder("vaultferry.transfer.bytes.outstanding", () -> ofTransfers(Outstanding::bytes))
                .description("Their encrypted bytes")
                .register(meters);
        Gauge.builder(
                        "vaultferry.transfer.files.rate",
                        () -> ofTransfers(left -> left.pace().objectsPerSecond()))
                .description("Files finished in a second, over the last half minute; 0 when nothing moves")
                .register(meters);
        Gauge.builder(
                        "vaultferry.transfer.bytes.rate",
                        () -> ofTransfers(left -> left.pace().bytesPerSecond()))
                .description("Bytes moved in a second, over the last half minute; 0 when nothing moves")
                .register(meters);
        Gauge.builder("vaultferry.transfer.eta.seconds", () -> ofTransfers(ProgressMetrics::eta))
                .description("How long the rest takes at this rate; no number when nothing moves")
                .register(meters);
        Gauge.builder("vaultferry.standstill.seconds", () -> measured.standstill())
                .description("Since the running migration advanced that has not for the longest time; 0 when none runs")
                .register(meters);
        Gauge.builder("vaultferry.database.answers", () -> measured.steps().isEmpty() ? 0 : 1)
                .description("1 when the orchestrator could read its database the last time, else 0")
                .register(meters);
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void measure() {
        try {
            measured = new Measured(
                    progress.sums(),
                    Optional.of(progress.transfers()),
                    Math.max(0, progress.longestStandstill().orElse(0.0)));
        } catch (RuntimeException e) {
            measured = UNKNOWN;
            LOG.debugf("progress cannot be measured: %s", e.getClass().getSimpleName());
        }
    }

    private double of(Step step, ToLongFunction<StepSums> number) {
        return Optional.ofNullable(measured.steps().get(step))
                .map(sums -> (double) number.applyAsLong(sums))
                .orElse(Double.NaN);
    }

    private double ofTransfers(ToDoubleFunction<Outstanding> number) {
        return measured.transfers().stream().mapToDouble(number).findFirst().orElse(Double.NaN);
    }

    private static double eta(Outstanding left) {
        return left.remaining().map(Duration::toSeconds).map(Long::doubleValue).orElse(Double.NaN);
    }

    private static String lower(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }
}
