package io.vaultferry.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.Topics;
import io.vaultferry.testsupport.TestTopics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Speaks to the participant under test as the orchestrator would. */
public final class SentMessages implements AutoCloseable {

    private final TestTopics topics = TestTopics.open();
    private final MessageCodec codec = new MessageCodec();

    /** Sends a command or a halt under a new message id, and returns that id. */
    public UUID send(Message message) {
        UUID id = UUID.randomUUID();
        send(message, id);
        return id;
    }

    public void send(Message message, UUID id) {
        topics.send(
                Topics.EXPORT_COMMANDS,
                message.migrationId().toString(),
                new String(codec.encode(message), UTF_8),
                Map.of("message-id", id.toString(), "message-type", MessageCodec.typeIdOf(message.getClass())));
    }

    public void sendRaw(String key, String value, Map<String, String> headers) {
        topics.send(Topics.EXPORT_COMMANDS, key, value, headers);
    }

    /** All answers about a migration so far, in their order. */
    public List<StepReply> replies(MigrationId migration) {
        return events(migration).stream()
                .map(event -> codec.decode(event.value().getBytes(UTF_8)))
                .filter(StepReply.class::isInstance)
                .map(StepReply.class::cast)
                .toList();
    }

    public List<StepProgressed> progress(MigrationId migration) {
        return events(migration).stream()
                .map(event -> codec.decode(event.value().getBytes(UTF_8)))
                .filter(StepProgressed.class::isInstance)
                .map(StepProgressed.class::cast)
                .toList();
    }

    public List<ConsumerRecord<String, String>> events(MigrationId migration) {
        return topics.read(Topics.MIGRATION_EVENTS, migration.toString());
    }

    public List<ConsumerRecord<String, String>> deadLetters(String key) {
        return topics.read(Topics.deadLettersOf(Topics.EXPORT_COMMANDS), key);
    }

    public List<ConsumerRecord<String, String>> deadLettersContaining(String text) {
        return topics.read(
                Topics.deadLettersOf(Topics.EXPORT_COMMANDS),
                letter -> letter.value().contains(text));
    }

    public static String header(ConsumerRecord<String, String> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    @Override
    public void close() {
        topics.close();
    }
}
