package io.vaultferry.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    @TempDir
    private Path directory;

    @Test
    void recordsSurviveARestart() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Durability.SURVIVES_POWER_LOSS)) {
            kafka.createTopics(TopicLayout.all());
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.send(new ProducerRecord<>(Topics.MIGRATION_EVENTS, 0, "key", "kept"))
                        .get();
            }
        }

        // When
        List<String> found;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Durability.SURVIVES_POWER_LOSS)) {
            kafka.createTopics(TopicLayout.all());
            found = readPartition(kafka, new TopicPartition(Topics.MIGRATION_EVENTS, 0));
        }

        // Then
        assertThat(found).containsExactly("kept");
    }

    @Test
    void topicsAreMadeAsLaidOutAndNeverByMentioningThem() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Durability.FAST)) {
            kafka.createTopics(TopicLayout.all());
            try (Admin admin =
                    Admin.create(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
                var work = admin.describeTopics(List.of(Topics.ATTACHMENT_WORK))
                        .allTopicNames()
                        .get();
                assertThat(work.get(Topics.ATTACHMENT_WORK).partitions()).hasSize(24);
                assertThat(admin.listTopics().names().get()).hasSize(Topics.ALL.size() * 2);

                assertThatThrownBy(() -> admin.describeTopics(List.of("mentioned"))
                                .allTopicNames()
                                .get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            }
        }
    }

    private static List<String> readPartition(EmbeddedKafka kafka, TopicPartition partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(30)).records(partition).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }
}
