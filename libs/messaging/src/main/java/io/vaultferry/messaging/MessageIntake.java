package io.vaultferry.messaging;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What every consumer does with a record. A consumer is a bean with one blocking method:
 *
 * <pre>{@code
 * @Incoming("migration-events")
 * @Blocking
 * void consume(ConsumerRecord<byte[], byte[]> record) {
 *     intake.accept(record, received -> ...);
 * }
 * }</pre>
 *
 * <p>A record that cannot be read, or whose handling fails again and again, becomes a dead letter on {@code <topic>-dlq}:
 * where it is, how long it is, and why, never what is in it. The consumer goes on with the next record.
 */
public interface MessageIntake {

    /**
     * Handles a message once: decodes the record, opens a transaction, drops the message when the inbox knows it, and
     * lets the action change state and send messages. Returns when that is committed or the dead letter is stored.
     * Waits as long as the database cannot be reached.
     */
    void accept(ConsumerRecord<byte[], byte[]> record, Consumer<ReceivedMessage> action);

    /**
     * Lets the action work on the message outside any transaction and without the inbox, for work that takes long and
     * keeps account of itself: the action has to bear being called again with the same message. Returns when the action
     * has returned or the dead letter is stored. Waits as long as the database cannot be reached.
     */
    void perform(ConsumerRecord<byte[], byte[]> record, LongWork action);

    /** What {@link #perform} calls. */
    @FunctionalInterface
    interface LongWork {
        void on(ReceivedMessage received) throws InterruptedException;
    }
}
