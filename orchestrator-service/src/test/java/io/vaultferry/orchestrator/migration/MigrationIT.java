package io.vaultferry.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepCommand.ConfirmMembers;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.orchestrator.MigrationProfile;
import io.vaultferry.orchestrator.Operator;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.testsupport.TestTopics;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sagas over real Kafka and PostgreSQL; the participants are played by hand. */
@QuarkusTest
@TestProfile(MigrationProfile.class)
class MigrationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    ClaimCheckStore store;

    @Inject
    MigrationKeys keys;

    @Inject
    MigrationAccess access;

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
    void migrationGoesThroughAllStepsAndLeavesAReportAndNoKeys() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        assertThat(access.parties(MigrationId.of(id)).orElseThrow().target().newOrganization())
                .hasValueSatisfying(
                        organization -> assertThat(organization.name()).isEqualTo("Canary Ltd"));

        // When
        participants.completeUntil(Step.TRANSFER_ATTACHMENTS);
        awaitExceptions(id, 1);
        participants.complete(
                Step.TRANSFER_ATTACHMENTS, Step.INVITE_MEMBERS, Step.CONFIRM_MEMBERS, Step.APPLY_POLICIES, Step.VERIFY);

        // Then
        awaitStatus(id, "COMPLETED_WITH_EXCEPTIONS");
        JsonPath migration = operator.show(id);
        assertThat(migration.getList("actions")).isEmpty();
        assertThat(migration.getList("steps.status")).containsOnly("DONE").hasSize(13);
        assertThat(migration.getLong("counts.differences")).isZero();
        assertThat(migration.getString("finishedAt")).isNotNull();
        JsonPath report = operator.get(id, "/report").jsonPath();
        assertThat(report.getLong("objects")).isEqualTo(4);
        assertThat(report.getList("lines.outcome")).containsExactly("MOVED", "MOVED", "QUARANTINED", "SKIPPED");
        assertThat(operator.get(id, "/exceptions").jsonPath().getList("reason"))
                .as("the step that confirms repeats what the one that invites has said")
                .containsExactly("FIELD_TOO_LONG", "REFUSED_BY_TARGET");
        assertThat(operator.get(id, "/history").jsonPath().getList("input"))
                .startsWith("started", "source-inspected.v1", "target-inspected.v1")
                .endsWith("migration-finished.v1");
        MigrationId migrationId = MigrationId.of(id);
        assertThat(keys.exist(migrationId)).isFalse();
        assertThat(store.usage(migrationId)).isZero();
        MigrationAccess.Parties parties = access.parties(migrationId).orElseThrow();
        assertThat(parties.phase()).isEqualTo(MigrationAccess.Phase.ENDED);
        assertThat(parties.target().newOrganization()).isEmpty();
        assertThat(parties.target().organizationId()).isPresent();
    }

    @Test
    void printableReportIsAPageOfItsOwn() {
        // Given
        String id = operator.start(operator.creation(Map.of("dryRun", true)));
        play(id).complete(Step.INSPECT_SOURCE, Step.INSPECT_TARGET);
        awaitStatus(id, "COMPLETED");

        // When
        Response page = operator.call().accept("text/html").get("/api/v1/migrations/" + id + "/report");

        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.asString())
                .contains(id, "Dry run: nothing was written.")
                .doesNotContain("http");
        assertThat(operator.show(id).getBoolean("dryRun")).isTrue();
        assertThat(operator.get(id, "/plan").jsonPath().getBoolean("possible")).isTrue();
        assertThat(keys.exist(MigrationId.of(id))).isFalse();
    }

    @Test
    void redeliveredAndLateAnswersChangeNothing() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.awaitMessage(StepCommand.class, Step.INSPECT_SOURCE, 1);
        UUID messageId = UUID.randomUUID();

        // When
        participants.send(participants.completed(Step.INSPECT_SOURCE, 1), messageId);
        participants.send(participants.completed(Step.INSPECT_SOURCE, 1), messageId);
        participants.send(participants.completed(Step.INSPECT_SOURCE, 1));
        participants.send(participants.completed(Step.EXPORT_VAULT, 1));
        participants.complete(Step.INSPECT_TARGET);

        // Then
        participants.awaitMessage(StepCommand.class, Step.PREPARE_TARGET, 1);
        assertThat(operator.get(id, "/history").jsonPath().getList("input"))
                .containsExactly("started", "source-inspected.v1", "target-inspected.v1");
    }

    @Test
    void commandWithoutAnswerIsSentAgainAndProgressPushesTheDeadline() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.awaitMessage(StepCommand.class, Step.INSPECT_SOURCE, 1);

        // When
        participants.send(new StepProgressed(MigrationId.of(id), Step.INSPECT_SOURCE, 1, 3, 10, 0, 0));

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(operator.show(id).getLong("steps[0].done")).isEqualTo(3));
        assertThat(operator.show(id).getLong("steps[0].total")).isEqualTo(10);
        participants.awaitReceived(Step.INSPECT_SOURCE, 2);
        assertThat(participants.received(StepCommand.class, Step.INSPECT_SOURCE))
                .extracting(StepCommand::attempt)
                .containsOnly(1);
        assertThat(operator.get(id, "/history").jsonPath().getList("input")).contains("deadline-passed");
    }

    @Test
    void membersAreAskedForAgainUntilTheOperatorGoesOnWithoutThem() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.completeUntil(Step.CONFIRM_MEMBERS);

        // When
        participants.send(participants.confirmed(1, 1));
        ConfirmMembers second = participants.awaitMessage(ConfirmMembers.class, Step.CONFIRM_MEMBERS, 2);
        assertThat(operator.show(id).getString("waitingFor")).isEqualTo("MEMBERS");
        assertThat(operator.show(id).getList("actions")).containsExactly("approve");
        Response approved = operator.act(id, "approve");
        participants.send(participants.confirmed(2, 1));
        ConfirmMembers last = participants.awaitMessage(ConfirmMembers.class, Step.CONFIRM_MEMBERS, 3);
        participants.send(participants.confirmed(3, 1));
        participants.complete(Step.APPLY_POLICIES, Step.VERIFY);

        // Then
        assertThat(second.leaveWaiting()).isFalse();
        assertThat(approved.statusCode()).isEqualTo(202);
        assertThat(last.leaveWaiting()).isTrue();
        awaitStatus(id, "COMPLETED_WITH_EXCEPTIONS");
        assertThat(operator.show(id).getLong("counts.membersWaiting")).isEqualTo(1);
        assertThat(operator.get(id, "/exceptions").jsonPath().getList("reason"))
                .containsExactlyInAnyOrder("FIELD_TOO_LONG", "REFUSED_BY_TARGET", "STILL_INVITED");
    }

    @Test
    void operatorPausesResumesAndCancels() {
        // Given
        String id = operator.start(operator.creation(Map.of("requireApproval", true)));
        HandPlayedParticipants participants = play(id);
        participants.complete(Step.INSPECT_SOURCE, Step.INSPECT_TARGET);
        awaitStatus(id, "WAITING");
        assertThat(operator.show(id).getList("actions")).containsExactly("approve", "cancel");

        // When
        operator.act(id, "approve");
        participants.complete(Step.PREPARE_TARGET);
        participants.awaitMessage(StepCommand.class, Step.EXPORT_VAULT, 1);
        operator.act(id, "pause");
        participants.awaitMessage(HaltStep.class, Step.EXPORT_VAULT, 1);
        participants.send(new StepHalted(MigrationId.of(id), Step.EXPORT_VAULT, 1));
        awaitStatus(id, "PAUSED");
        operator.act(id, "resume");
        participants.awaitMessage(StepCommand.class, Step.EXPORT_VAULT, 2);
        operator.act(id, "cancel");
        participants.send(participants.completed(Step.EXPORT_VAULT, 2));
        participants.awaitMessage(UndoStep.class, Step.EXPORT_VAULT, 3);
        participants.send(new StepUndone(MigrationId.of(id), Step.EXPORT_VAULT, 3, 1, 0));
        participants.awaitMessage(UndoStep.class, Step.PREPARE_TARGET, 2);
        participants.send(new StepUndone(MigrationId.of(id), Step.PREPARE_TARGET, 2, 1, 0));

        // Then
        awaitStatus(id, "COMPENSATED");
        assertThat(operator.show(id).getLong("counts.removed")).isEqualTo(2);
        assertThat(keys.exist(MigrationId.of(id))).isFalse();
    }

    @Test
    void failureStopsTheMigrationUntilTheOperatorRetries() {
        // Given
        String id = operator.start(operator.creation(Map.of()));
        HandPlayedParticipants participants = play(id);
        participants.completeUntil(Step.PREPARE_TARGET);

        // When
        participants.send(new StepFailed(
                MigrationId.of(id), Step.PREPARE_TARGET, 1, FailureCode.RIGHTS_MISSING, "401 organizations"));
        awaitStatus(id, "STUCK");
        JsonPath stuck = operator.show(id);
        operator.act(id, "retry");

        // Then
        assertThat(stuck.getString("failure.code")).isEqualTo("RIGHTS_MISSING");
        assertThat(stuck.getString("failure.message")).isEqualTo(FailureCode.RIGHTS_MISSING.sentence());
        participants.awaitMessage(StepCommand.class, Step.PREPARE_TARGET, 2);
        assertThat(operator.show(id).getString("failure")).isNull();
    }

    private HandPlayedParticipants play(String id) {
        return new HandPlayedParticipants(topics, id, store, keys);
    }

    private void awaitStatus(String id, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(operator.show(id).getString("status")).isEqualTo(status));
    }

    private void awaitExceptions(String id, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                operator.get(id, "/exceptions").jsonPath().getList("reason"))
                        .hasSize(count));
    }
}
