package io.vaultferry.messaging;

import java.util.UUID;

/** Messages that were handled already. Kept for days, which is longer than Kafka can deliver one again. */
public interface Inbox {

    /**
     * Records a message in the caller's transaction.
     *
     * @return true when the consumer has not seen the message before
     * @throws jakarta.transaction.TransactionalException when there is no transaction
     */
    boolean firstTime(UUID messageId, String consumer);
}
