package io.vaultferry.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.testsupport.TestTopics;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left to move, as the API tells it: with a worker, and after the last one is gone. */
@QuarkusTest
@TestProfile(MigrationProfile.class)
class OutstandingWorkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String WORK = "find { it.topic == '" + Topics.ATTACHMENT_WORK + "' }.";
    private static final String GROUP = WORK + "groups.find { it.group == 'attachment-service' }.";
    private static final String TRANSFER = "steps.find { it.step == 'TRANSFER_ATTACHMENTS' }.";

    @Inject
    ClaimCheckStore store;

    @Inject
    MigrationKeys keys;

    @Inject
    Database database;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private Operator operator;
    private TestTopics topics;
    private String id;
    private HandPlayedParticipants participants;

    /** What migrations of other tests have left. */
    private long filesOfOthers;

    private long bytesOfOthers;

    @BeforeEach
    void openAndAskForTheTransfer() {
        operator = new Operator();
        topics = TestTopics.open();
        filesOfOthers = measured().getLong(WORK + "work.files");
        bytesOfOthers = measured().getLong(WORK + "work.bytes");
        id = operator.start(operator.creation(Map.of()));
        participants = new HandPlayedParticipants(topics, id, store, keys);
        participants.completeUntil(Step.TRANSFER_ATTACHMENTS);
    }

    @AfterEach
    void endAndClose() {
        participants.complete(Step.TRANSFER_ATTACHMENTS);
        await().atMost(PATIENCE).until(() -> "DONE".equals(shown().getString("status")));
        topics.close();
    }

    @Test
    void everyFileIsOutstandingFromTheBeginningAndTheRateFollowsFromWhatMoved() {
        // Then: no worker was ever there to say anything.
        assertOutstanding(1, 1_000);
        assertThat(shown().get("objectsPerSecond") == null).isTrue();

        // When
        report(0, 0);
        await().atMost(PATIENCE).untilAsserted(() -> assertOutstanding(400, 8_000_000));
        report(100, 2_000_000);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertOutstanding(300, 6_000_000));
        JsonPath step = shown();
        assertThat(step.getDouble("objectsPerSecond")).isBetween(100 / 30.0, 100.0);
        assertThat(step.getDouble("bytesPerSecond")).isBetween(2_000_000 / 30.0, 2_000_000.0);
        assertThat(step.getLong("etaSeconds")).isBetween(3L, 90L);

        // When: what a dead worker had sent has to be sent once more.
        aMinutePasses();
        report(100, 1_000_000);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertOutstanding(300, 7_000_000));
        assertThat(shown().getDouble("bytesPerSecond")).isZero();
        assertThat(shown().get("etaSeconds") == null).isTrue();
    }

    @Test
    void lagAndOutstandingFilesStayRightAndTheRateFallsToNothingWhenAllWorkersAreGone() {
        // Given
        long lag = measured().getLong(WORK + "lag");
        report(0, 0);
        report(100, 2_000_000);
        try (KafkaConsumer<String, String> worker = worker()) {
            worker.subscribe(List.of(Topics.ATTACHMENT_WORK));
            await().atMost(PATIENCE).until(() -> {
                worker.poll(Duration.ofMillis(100));
                return !worker.assignment().isEmpty();
            });
            assertThat(measured().getList(GROUP + "members")).hasSize(1);
            announce(5);
            acknowledge(worker, 2);
        }

        // When
        aMinutePasses();

        // Then
        JsonPath after = measured();
        assertThat(after.getList(GROUP + "members")).isEmpty();
        assertThat(after.getLong(WORK + "lag")).isEqualTo(lag + 3);
        await().atMost(PATIENCE).untilAsserted(() -> assertOutstanding(300, 6_000_000));
        assertThat(shown().getDouble("objectsPerSecond")).isZero();
        assertThat(shown().getDouble("bytesPerSecond")).isZero();
        assertThat(shown().get("etaSeconds") == null).isTrue();
    }

    private void report(long files, long bytes) {
        participants.send(
                new StepProgressed(MigrationId.of(id), Step.TRANSFER_ATTACHMENTS, 1, files, 400, bytes, 8_000_000));
    }

    private void assertOutstanding(long files, long bytes) {
        JsonPath topicsNow = measured();
        assertThat(topicsNow.getLong(WORK + "work.files")).isEqualTo(filesOfOthers + files);
        assertThat(topicsNow.getLong(WORK + "work.bytes")).isEqualTo(bytesOfOthers + bytes);
    }

    /** As if everything that was reported had been a minute earlier. */
    private void aMinutePasses() {
        UUID migration = MigrationId.of(id).value();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shown().getLong("done")).isEqualTo(100));
        database.update("update step_sample set at = at - interval '1 minute' where migration_id = ?", migration);
    }

    private void announce(int records) {
        for (int i = 0; i < records; i++) {
            topics.send(Topics.ATTACHMENT_WORK, UUID.randomUUID().toString(), "{}", Map.of());
        }
    }

    /** Commits so many records more than were committed before, and leaves the others. */
    private static void acknowledge(KafkaConsumer<String, String> worker, int records) {
        int left = records;
        while (left > 0) {
            for (ConsumerRecord<String, String> message : worker.poll(Duration.ofMillis(100))) {
                if (left > 0) {
                    TopicPartition partition = new TopicPartition(message.topic(), message.partition());
                    worker.commitSync(Map.of(partition, new OffsetAndMetadata(message.offset() + 1)));
                    left--;
                }
            }
        }
    }

    private KafkaConsumer<String, String> worker() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "group.id",
                        Participant.ATTACHMENT.serviceName(),
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private JsonPath measured() {
        return operator.call().get("/api/v1/topics").jsonPath();
    }

    private JsonPath shown() {
        JsonPath migration = operator.show(id);
        migration.setRootPath(TRANSFER.substring(0, TRANSFER.length() - 1));
        return migration;
    }
}
