package io.vaultferry.orchestrator.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vaultferry.contracts.Topics;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.testsupport.TestTopics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(MigrationProfile.class)
class TopicsResourceIT {

    private final Operator operator = new Operator();

    @Test
    void everyTopicIsListedWithItsDeadLetters() {
        List<String> topics = measure().getList("topic");
        assertThat(topics).containsAll(Topics.ALL);
        assertThat(topics).contains("import-commands-dlq");
    }

    @Test
    void recordsThatNobodyConsumesAreLag() {
        // Given
        String work = "find { it.topic == 'attachment-work' }.";
        long before = measure().getLong(work + "lag");

        // When
        try (TestTopics topics = TestTopics.open()) {
            for (int i = 0; i < 5; i++) {
                topics.send(Topics.ATTACHMENT_WORK, UUID.randomUUID().toString(), "{}", Map.of());
            }
        }

        // Then
        JsonPath after = measure();
        assertThat(after.getLong(work + "lag")).isEqualTo(before + 5);
        assertThat(after.getList(work + "groups.group")).containsExactly("attachment-service");
        List<Long> partitionLags = after.getList(work + "groups[0].partitions.lag", Long.class);
        assertThat(partitionLags.stream().mapToLong(Long::longValue).sum()).isEqualTo(before + 5);
    }

    private JsonPath measure() {
        return operator.call().get("/api/v1/topics").jsonPath();
    }
}
