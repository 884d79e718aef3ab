package io.vaultferry.orchestrator.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vaultferry.contracts.Topics;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.orchestrator.TestKeys;
import io.vaultferry.testsupport.TestTopics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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

    @Test
    void consumersThatAreAliveAreListedWithWhatTheyRead() {
        // Given
        String group = "find { it.topic == '" + Topics.MIGRATION_EVENTS
                + "' }.groups.find { it.group == 'orchestrator-service' }.";

        // When / Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonPath topics = measure();
            List<List<Integer>> read = topics.getList(group + "members.partitions");
            assertThat(read.stream().flatMap(List::stream))
                    .containsExactlyInAnyOrderElementsOf(topics.getList(group + "partitions.partition", Integer.class));
        });
        assertThat(measure().getList("find { it.topic == '" + Topics.ATTACHMENT_WORK + "' }.groups[0].members"))
                .isEmpty();
    }

    @Test
    void watchersGetMeasurementsOverAndOver() throws Exception {
        // Given
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + operator.port() + "/api/v1/topics/events"))
                .header("Authorization", "Bearer " + TestKeys.ADMIN_KEY)
                .build();

        // When
        HttpResponse<Stream<String>> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        try (Stream<String> lines = answer.body()) {
            assertThat(lines.filter(line -> line.startsWith("data:")).limit(2))
                    .hasSize(2)
                    .allMatch(line -> line.contains(Topics.ATTACHMENT_WORK));
        }
    }

    private JsonPath measure() {
        return operator.call().get("/api/v1/topics").jsonPath();
    }
}
