package io.vaultferry.messaging.steps;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.MessageIntake;
import io.vaultferry.messaging.ReceivedMessage;
import io.vaultferry.messaging.UnexpectedMessageException;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Receives a participant's step commands on the channel {@code commands}; the topic is the service's configuration. A
 * service that is no participant switches it off.
 */
@ApplicationScoped
@IfBuildProperty(name = "vaultferry.commands.consumed", stringValue = "true", enableIfMissing = true)
class StepCommandConsumer {

    private final MessageIntake intake;
    private final StepJobQueue queue;

    StepCommandConsumer(MessageIntake intake, StepJobQueue queue) {
        this.intake = intake;
        this.queue = queue;
    }

    @Incoming("commands")
    @Blocking
    void consume(ConsumerRecord<byte[], byte[]> record) {
        intake.accept(record, this::on);
    }

    private void on(ReceivedMessage received) {
        switch (received.message()) {
            case StepCommand command -> queue.request(command, received.messageId(), received.traceparent());
            case HaltStep halt -> queue.halt(halt);
            case StepReply reply -> throw new UnexpectedMessageException(reply);
            case StepProgressed progress -> throw new UnexpectedMessageException(progress);
            case TransferUnit unit -> throw new UnexpectedMessageException(unit);
        }
    }
}
