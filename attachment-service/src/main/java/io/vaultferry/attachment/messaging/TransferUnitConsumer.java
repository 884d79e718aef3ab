package io.vaultferry.attachment.messaging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.MessageIntake;
import io.vaultferry.messaging.ReceivedMessage;
import io.vaultferry.messaging.UnexpectedMessageException;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Receives units of work, many at once and in no order, and acknowledges each after the work, so that the lag of the consumer
 * group is the backlog. Redelivery is harmless: a unit is claimed before it is worked on.
 *
 * <p>The offset of a partition passes a record only when all before it are done. Behind a file that takes long, lag is
 * therefore shown of units that are finished; when the partition moves they come again, are found done, and cost nothing.
 * What is behind it is begun all the same: records of a partition do not wait for each other.
 */
@ApplicationScoped
class TransferUnitConsumer {

    private final MessageIntake intake;
    private final UnitTransfers transfers;

    TransferUnitConsumer(MessageIntake intake, UnitTransfers transfers) {
        this.intake = intake;
        this.transfers = transfers;
    }

    @Incoming("attachment-work")
    @Blocking(value = "attachment-work", ordered = false)
    void consume(ConsumerRecord<byte[], byte[]> record) {
        intake.perform(record, this::on);
    }

    private void on(ReceivedMessage received) throws InterruptedException {
        if (received.message() instanceof TransferUnit unit) {
            transfers.work(unit);
        } else {
            throw new UnexpectedMessageException(received.message());
        }
    }
}
