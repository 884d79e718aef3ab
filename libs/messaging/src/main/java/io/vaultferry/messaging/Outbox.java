package io.vaultferry.messaging;

import io.vaultferry.contracts.Message;

/**
 * Messages to send. A message is stored in the caller's transaction and goes to Kafka after its commit, in order per key,
 * at least once; a rolled-back transaction sends nothing.
 */
public interface Outbox {

    /**
     * Stores a message to be sent.
     *
     * @param key the record key: the migration id, except for transfer units
     * @throws jakarta.transaction.TransactionalException when there is no transaction
     */
    void send(String topic, String key, Message message);
}
