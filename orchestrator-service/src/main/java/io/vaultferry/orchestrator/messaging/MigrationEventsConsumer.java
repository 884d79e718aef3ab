package io.vaultferry.orchestrator.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.MessageIntake;
import io.vaultferry.messaging.ReceivedMessage;
import io.vaultferry.messaging.UnexpectedMessageException;
import io.vaultferry.orchestrator.migration.SagaRunner;
import io.vaultferry.orchestrator.saga.SagaInput;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Turns replies and progress of participants into inputs of sagas. */
@ApplicationScoped
class MigrationEventsConsumer {

    private final MessageIntake intake;
    private final SagaRunner runner;
    private final MeterRegistry meters;

    MigrationEventsConsumer(MessageIntake intake, SagaRunner runner, MeterRegistry meters) {
        this.intake = intake;
        this.runner = runner;
        this.meters = meters;
    }

    @Incoming("migration-events")
    @Blocking
    void consume(ConsumerRecord<byte[], byte[]> record) {
        intake.accept(record, this::on);
    }

    private void on(ReceivedMessage received) {
        switch (received.message()) {
            case StepReply reply -> {
                if (runner.apply(reply.migrationId(), new SagaInput.Reply(reply))
                        .isEmpty()) {
                    meters.counter("vaultferry.saga.ignored", "reason", "unknown_migration")
                            .increment();
                }
            }
            case StepProgressed progress -> runner.apply(progress);
            case StepCommand command -> throw new UnexpectedMessageException(command);
            case StepControl control -> throw new UnexpectedMessageException(control);
            case TransferUnit unit -> throw new UnexpectedMessageException(unit);
        }
    }
}
