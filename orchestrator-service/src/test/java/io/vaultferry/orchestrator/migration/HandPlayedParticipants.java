package io.vaultferry.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeWriter;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.ReconciliationWriter;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepMessage;
import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.StepReply.SourceInspected;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.contracts.Tally;
import io.vaultferry.contracts.TargetFacts;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.outbox.MessageHeaders;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.testsupport.TestTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Answers commands of one migration over Kafka, as a test says. */
final class HandPlayedParticipants {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ServerFacts SERVER = new ServerFacts("VAULTWARDEN", "1.37.2");
    private static final SourceContent CONTENT =
            new SourceContent(1, 1, 2, Map.of(1, 2L), 0, 0, 0, 1, 1_000, 1_000, 0, List.of(1));

    private static final ObjectOutcome NOT_INVITED =
            ObjectOutcome.quarantined(ObjectKind.MEMBER, "m-3", ReasonCode.REFUSED_BY_TARGET);

    private final MessageCodec codec = new MessageCodec();
    private final TestTopics topics;
    private final MigrationId id;
    private final ClaimCheckStore store;
    private final MigrationKeys keys;

    HandPlayedParticipants(TestTopics topics, String migration, ClaimCheckStore store, MigrationKeys keys) {
        this.topics = topics;
        this.id = MigrationId.of(migration);
        this.store = store;
        this.keys = keys;
    }

    /** All messages that a step's participant was sent for this migration, oldest first. */
    <M extends StepMessage> List<M> received(Class<M> type, Step step) {
        return topics.read(Topics.commandsOf(step.participant()), id.toString()).stream()
                .map(sent -> codec.decode(sent.value().getBytes(StandardCharsets.UTF_8)))
                .filter(type::isInstance)
                .map(type::cast)
                .filter(message -> message.step() == step)
                .toList();
    }

    /** Waits for an attempt of a step to be asked for. */
    <M extends StepMessage> M awaitMessage(Class<M> type, Step step, int attempt) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(150))
                .until(
                        () -> received(type, step).stream()
                                .filter(message -> message.attempt() == attempt)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    void send(Message message) {
        send(message, UUID.randomUUID());
    }

    void send(Message message, UUID messageId) {
        topics.send(
                Topics.MIGRATION_EVENTS,
                id.toString(),
                new String(codec.encode(message), StandardCharsets.UTF_8),
                Map.of(
                        MessageHeaders.MESSAGE_ID,
                        messageId.toString(),
                        MessageHeaders.MESSAGE_TYPE,
                        MessageCodec.typeIdOf(message.getClass())));
    }

    /** Waits for every step of a list and completes it. */
    void complete(Step... steps) {
        for (Step step : steps) {
            awaitMessage(StepMessage.class, step, 1);
            send(completed(step, 1));
        }
    }

    void completeUntil(Step last) {
        for (Step step : Step.values()) {
            if (step == last) {
                awaitMessage(StepMessage.class, step, 1);
                return;
            }
            complete(step);
        }
    }

    Completed completed(Step step, int attempt) {
        Tally one = new Tally(1, 0, 0);
        return switch (step) {
            case INSPECT_SOURCE -> new SourceInspected(id, attempt, SERVER, CONTENT);
            case INSPECT_TARGET ->
                new TargetInspected(
                        id,
                        attempt,
                        SERVER,
                        new TargetFacts(
                                true, List.of(1, 2), List.of(0, 1), null, null, null, 500_000_000, 0, 0, 1, 0, 0),
                        outcomes());
            // An id of its own for each migration: tests share the database.
            case PREPARE_TARGET ->
                new TargetPrepared(id, attempt, UUID.randomUUID().toString(), true);
            case EXPORT_VAULT -> new VaultExported(id, attempt, outcomes(), CONTENT);
            case IMPORT_COLLECTIONS ->
                new CollectionsImported(
                        id, attempt, one, outcomes(ObjectOutcome.moved(ObjectKind.COLLECTION, "c-1", "c-2")));
            case PROVISION_GROUPS -> new GroupsProvisioned(id, attempt, one, outcomes());
            case IMPORT_ITEMS ->
                new ItemsImported(
                        id,
                        attempt,
                        new Tally(1, 0, 1),
                        outcomes(
                                ObjectOutcome.moved(ObjectKind.ITEM, "i-1", "i-2"),
                                ObjectOutcome.quarantined(ObjectKind.ITEM, "i-3", ReasonCode.FIELD_TOO_LONG)),
                        outcomes());
            case TRANSFER_ATTACHMENTS -> new AttachmentsTransferred(id, attempt, one, 1_000, outcomes());
            case INVITE_MEMBERS -> new MembersInvited(id, attempt, one, 1, 0, outcomes(NOT_INVITED));
            case CONFIRM_MEMBERS -> confirmed(attempt, 0);
            case APPLY_POLICIES -> new PoliciesApplied(id, attempt, one, outcomes());
            case VERIFY ->
                new MigrationVerified(
                        id,
                        attempt,
                        new Tally(2, 1, 1),
                        0,
                        reconciliation(
                                line(ObjectKind.COLLECTION, "c-1", "c-2", Outcome.MOVED, null, Verdict.EQUAL),
                                line(ObjectKind.ITEM, "i-1", "i-2", Outcome.MOVED, null, Verdict.EQUAL),
                                line(
                                        ObjectKind.ITEM,
                                        "i-3",
                                        null,
                                        Outcome.QUARANTINED,
                                        ReasonCode.FIELD_TOO_LONG,
                                        Verdict.NOT_COMPARED),
                                line(
                                        ObjectKind.MEMBER,
                                        "m-1",
                                        null,
                                        Outcome.SKIPPED,
                                        ReasonCode.MIGRATION_ACCOUNT,
                                        Verdict.NOT_COMPARED)));
            case FINISH -> throw new IllegalArgumentException("the orchestrator finishes by itself");
        };
    }

    MembersConfirmed confirmed(int attempt, long waiting) {
        ObjectOutcome[] members = Stream.concat(
                        Stream.of(NOT_INVITED),
                        LongStream.range(0, waiting)
                                .mapToObj(number -> ObjectOutcome.moved(
                                        ObjectKind.MEMBER, "w-" + number, "t-" + number, ReasonCode.STILL_INVITED)))
                .toArray(ObjectOutcome[]::new);
        return new MembersConfirmed(id, attempt, 1, waiting, outcomes(members));
    }

    private static ReconciliationLine line(
            ObjectKind kind, String source, String target, Outcome outcome, ReasonCode reason, Verdict verdict) {
        return new ReconciliationLine(
                kind,
                Optional.ofNullable(source),
                Optional.ofNullable(target),
                outcome,
                Optional.ofNullable(reason),
                verdict);
    }

    private ClaimCheck outcomes(ObjectOutcome... outcomes) {
        try (StagingKey key = keys.staging(id)) {
            return OutcomeWriter.write(store, key, id, sink -> {
                for (ObjectOutcome outcome : outcomes) {
                    sink.add(outcome);
                }
            });
        }
    }

    private ClaimCheck reconciliation(ReconciliationLine... lines) {
        try (StagingKey key = keys.staging(id)) {
            return ReconciliationWriter.write(store, key, id, sink -> {
                for (ReconciliationLine line : lines) {
                    sink.add(line);
                }
            });
        }
    }

    /** Waits until the orchestrator says so of a step's commands. */
    void awaitReceived(Step step, int commands) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(150))
                .untilAsserted(
                        () -> assertThat(received(StepMessage.class, step)).hasSizeGreaterThanOrEqualTo(commands));
    }
}
