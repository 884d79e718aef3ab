package io.vaultferry.orchestrator.migration;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.persistence.ProgressRepository;
import io.vaultferry.testsupport.TestTopics;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus is served. Migrations of other tests run beside, so numbers stand out. */
@QuarkusTest
@TestProfile(MigrationProfile.class)
class MetricsIT {

    private static final Path LIST = Path.of("../deploy/prometheus/metrics.txt");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long MANY = 1_000_000_000L;
    private static final long OF_OTHERS = 1_000_000L;
    private static final double DAY = Duration.ofDays(1).toSeconds();
    private static final double HOUR = Duration.ofHours(1).toSeconds();

    @Inject
    ClaimCheckStore store;

    @Inject
    MigrationKeys keys;

    @Inject
    Database database;

    @Inject
    ProgressRepository progress;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private Operator operator;
    private TestTopics topics;

    @BeforeEach
    void open() {
        operator = new Operator();
        topics = TestTopics.open();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void whatRulesAndDashboardsMayUseIsServedAndNothingIsLeftOut() throws IOException {
        // Given
        Set<String> listed = Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));

        // When
        String id = operator.start(operator.creation(Map.of("dryRun", true)));
        play(id).complete(Step.INSPECT_SOURCE, Step.INSPECT_TARGET);
        topics.send(Topics.MIGRATION_EVENTS, UUID.randomUUID().toString(), "unreadable", Map.of());

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            Set<String> served = served().keySet().stream()
                    .map(series -> series.replaceFirst("\\{.*", ""))
                    .filter(name -> name.matches("(vaultferry|kafka_consumergroup|kafka_topic_partition)_.*")
                            || name.equals("jvm_memory_used_bytes"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(served).isEqualTo(listed);
        });
    }

    @Test
    void counterThatHasNotCountedYetIsServed() {
        assertThat(served())
                .containsKey("vaultferry_saga_overdue_total{step=\"finish\"}")
                .containsKey("vaultferry_saga_ignored_total{reason=\"ended\"}")
                .containsKey("vaultferry_saga_transitions_total{transition=\"pause_requested\"}");
    }

    @Test
    void progressOfAStepIsSummedUntilItsMigrationEnds() {
        // Given
        String id = operator.start(operator.creation(Map.of("dryRun", true)));
        HandPlayedParticipants participants = play(id);
        participants.awaitMessage(StepCommand.class, Step.INSPECT_SOURCE, 1);

        // When
        participants.send(
                new StepProgressed(MigrationId.of(id), Step.INSPECT_SOURCE, 1, MANY, 3 * MANY, 2 * MANY, 5 * MANY));

        // Then
        awaitAbout("vaultferry_step_objects_done{step=\"inspect_source\"}", MANY);
        awaitAbout("vaultferry_step_objects{step=\"inspect_source\"}", 3 * MANY);
        awaitAbout("vaultferry_step_bytes_done{step=\"inspect_source\"}", 2 * MANY);
        awaitAbout("vaultferry_step_bytes{step=\"inspect_source\"}", 5 * MANY);

        // When
        participants.complete(Step.INSPECT_SOURCE);
        participants.awaitMessage(StepCommand.class, Step.INSPECT_TARGET, 1);

        // Then
        awaitAbout("vaultferry_step_objects_done{step=\"inspect_source\"}", 3 * MANY);
        awaitAbout("vaultferry_step_bytes_done{step=\"inspect_source\"}", 5 * MANY);

        // When
        participants.complete(Step.INSPECT_TARGET);

        // Then
        awaitAbout("vaultferry_step_objects{step=\"inspect_source\"}", 0);
        awaitAbout("vaultferry_step_bytes_done{step=\"inspect_source\"}", 0);
    }

    @Test
    void filesAndBytesOutstandingAreServedWithTheirRate() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.completeUntil(Step.TRANSFER_ATTACHMENTS);
        participants.send(transferred(id, 0, 0));
        awaitAbout("vaultferry_transfer_files_outstanding", MANY);
        awaitAbout("vaultferry_transfer_bytes_outstanding", 10 * MANY);

        // When
        participants.send(transferred(id, MANY / 2, 4 * MANY));

        // Then
        awaitAbout("vaultferry_transfer_files_outstanding", MANY / 2);
        awaitAbout("vaultferry_transfer_bytes_outstanding", 6 * MANY);
        assertThat(served())
                .hasEntrySatisfying(
                        "vaultferry_transfer_files_rate",
                        rate -> assertThat(rate).isGreaterThan((double) OF_OTHERS))
                .hasEntrySatisfying(
                        "vaultferry_transfer_bytes_rate",
                        rate -> assertThat(rate).isGreaterThan((double) OF_OTHERS))
                .hasEntrySatisfying(
                        "vaultferry_transfer_eta_seconds",
                        seconds -> assertThat(seconds).isBetween(1.0, HOUR));

        // When
        participants.complete(Step.TRANSFER_ATTACHMENTS);

        // Then
        awaitAbout("vaultferry_transfer_files_outstanding", 0);
        awaitAbout("vaultferry_transfer_bytes_outstanding", 0);
    }

    private static StepProgressed transferred(String id, long files, long bytes) {
        return new StepProgressed(MigrationId.of(id), Step.TRANSFER_ATTACHMENTS, 1, files, MANY, bytes, 10 * MANY);
    }

    @Test
    void standstillEndsWhenNumbersChangeAndNotWhenTheyAreRepeated() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.awaitMessage(StepCommand.class, Step.INSPECT_SOURCE, 1);
        StepProgressed report = new StepProgressed(MigrationId.of(id), Step.INSPECT_SOURCE, 1, 3, 10, 0, 0);

        // When
        letADayPass(id);

        // Then
        awaitStandstill(DAY, DAY + HOUR);

        // When
        participants.send(report);

        // Then
        awaitStandstill(0, HOUR);

        // When
        letADayPass(id);
        participants.send(report);
        await().atMost(PATIENCE).until(() -> reportedAfterItAdvanced(id));

        // Then
        assertThat(progress.longestStandstill())
                .hasValueSatisfying(seconds -> assertThat(seconds).isGreaterThanOrEqualTo(DAY));

        // When
        participants.complete(Step.INSPECT_SOURCE);

        // Then
        awaitStandstill(0, HOUR);
    }

    @Test
    void consumersOfAGroupAreCountedAndAGroupThatNobodyJoinedHasNone() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(served())
                        .hasEntrySatisfying(
                                "kafka_consumergroup_members{consumergroup=\"orchestrator-service\"}",
                                members -> assertThat(members).isPositive())
                        .containsEntry("kafka_consumergroup_members{consumergroup=\"attachment-service\"}", 0.0));
    }

    /** As if everything that this migration has done so far had been a day earlier. */
    private void letADayPass(String id) {
        UUID migration = MigrationId.of(id).value();
        database.update("update migration set created_at = created_at - interval '1 day' where id = ?", migration);
        database.update("""
                update migration_step set attempt_at = attempt_at - interval '1 day',
                    advanced_at = advanced_at - interval '1 day', progress_at = progress_at - interval '1 day'
                where migration_id = ?
                """, migration);
    }

    private boolean reportedAfterItAdvanced(String id) {
        return database.queryOne(
                        row -> row.getBoolean(1), """
                        select progress_at > advanced_at + interval '1 hour' from migration_step
                        where migration_id = ? and step = 'INSPECT_SOURCE'
                        """, MigrationId.of(id).value())
                .orElse(false);
    }

    private void awaitAbout(String series, long value) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(served())
                        .hasEntrySatisfying(
                                series,
                                served -> assertThat(served).isBetween((double) value, (double) value + OF_OTHERS)));
    }

    private void awaitStandstill(double least, double most) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(served())
                        .hasEntrySatisfying(
                                "vaultferry_standstill_seconds",
                                seconds -> assertThat(seconds).isBetween(least, most)));
    }

    private Map<String, Double> served() {
        Map<String, Double> series = new TreeMap<>();
        given().port(port)
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .forEach(line -> {
                    int end = line.lastIndexOf(' ');
                    series.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)));
                });
        return series;
    }

    private HandPlayedParticipants play(String id) {
        return new HandPlayedParticipants(topics, id, store, keys);
    }
}
