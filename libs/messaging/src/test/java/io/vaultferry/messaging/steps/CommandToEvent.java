package io.vaultferry.messaging.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Measures how long a participant takes from a command on its topic to the event that answers it. */
final class CommandToEvent implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final MessageCodec codec = new MessageCodec();

    private CommandToEvent(Map<String, Object> broker) {
        this.producer = new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static CommandToEvent open() {
        CommandToEvent opened = new CommandToEvent(Map.of(
                "bootstrap.servers",
                ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                "enable.auto.commit",
                false));
        List<TopicPartition> partitions = opened.consumer.partitionsFor(Topics.MIGRATION_EVENTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        opened.consumer.assign(partitions);
        opened.consumer.seekToEnd(partitions);
        partitions.forEach(opened.consumer::position);
        return opened;
    }

    /** The same way without the participant: from sending an event to receiving it, in microseconds. */
    long measureBareKafka() throws Exception {
        byte[] key = UUID.randomUUID().toString().getBytes(UTF_8);
        long began = System.nanoTime();
        producer.send(new ProducerRecord<>(Topics.MIGRATION_EVENTS, key, new byte[200]))
                .get();
        return awaitEvent(key, began);
    }

    /** In microseconds, from sending to receiving. */
    long measure(StepCommand command) throws Exception {
        byte[] key = command.migrationId().toString().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(Topics.EXPORT_COMMANDS, key, codec.encode(command));
        message.headers().add("message-id", UUID.randomUUID().toString().getBytes(UTF_8));
        long began = System.nanoTime();
        producer.send(message).get();
        return awaitEvent(key, began);
    }

    private long awaitEvent(byte[] key, long began) {
        while (true) {
            for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofSeconds(10))) {
                if (Arrays.equals(event.key(), key)) {
                    return (System.nanoTime() - began) / 1_000;
                }
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
