package io.vaultferry.messaging.steps;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.OutboxRelayRunner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Runs the step jobs of this process, and reports on the workers. */
@Liveness
@ApplicationScoped
class StepWorkers implements HealthCheck {

    private final StepJobRunner runner;
    private final JobSignal signal;
    private final Runnable wake;

    StepWorkers(
            Database database,
            StepJobQueue queue,
            StepHandlers handlers,
            FailureDiagnosis diagnosis,
            MessageCodec codec,
            Outbox outbox,
            OutboxRelayRunner relay,
            JobSettings settings,
            MeterRegistry meters,
            JobSignal signal) {
        this.runner = new StepJobRunner(
                database, queue, handlers, diagnosis, codec, outbox, relay::sending, settings, meters);
        this.signal = signal;
        this.wake = runner::wake;
    }

    void start(@Observes StartupEvent event) {
        signal.register(wake);
        runner.start();
    }

    void stop(@Observes ShutdownEvent event) {
        runner.close();
        signal.unregister(wake);
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("step-workers").status(runner.alive()).build();
    }
}
