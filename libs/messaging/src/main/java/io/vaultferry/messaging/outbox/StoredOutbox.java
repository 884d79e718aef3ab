package io.vaultferry.messaging.outbox;

import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.database.AfterCommit;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/** The outbox as a table. */
@ApplicationScoped
public class StoredOutbox implements Outbox {

    private final Database database;
    private final MessageCodec codec;
    private final AfterCommit afterCommit;
    private final RelaySignal signal;

    StoredOutbox(Database database, MessageCodec codec, AfterCommit afterCommit, RelaySignal signal) {
        this.database = database;
        this.codec = codec;
        this.afterCommit = afterCommit;
        this.signal = signal;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void send(String topic, String key, Message message) {
        send(topic, key, MessageCodec.typeIdOf(message.getClass()), codec.encode(message));
    }

    /** Stores the bytes of something that is no {@link Message}, such as a dead letter. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void send(String topic, String key, String messageType, byte[] payload) {
        Optional<Causation> cause = Causation.current();
        database.update(
                """
                insert into outbox_message
                    (message_id, topic, record_key, message_type, payload, causation_id, traceparent)
                values (?, ?, ?, ?, ?, ?, ?)""",
                UUID.randomUUID(),
                topic,
                key,
                messageType,
                payload,
                cause.map(Causation::messageId).orElse(null),
                cause.flatMap(Causation::traceparent).orElse(null));
        afterCommit.run(RelaySignal.class, signal::wake);
    }

    /** How many messages wait to be sent. */
    public long pending() {
        return database.queryOne(row -> row.getLong(1), "select count(*) from outbox_message")
                .orElse(0L);
    }
}
