package io.vaultferry.messaging.intake;

import static io.vaultferry.messaging.SentMessages.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.Inbox;
import io.vaultferry.messaging.MessageIntake;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.ScriptedSteps;
import io.vaultferry.messaging.SentMessages;
import io.vaultferry.messaging.UnexpectedMessageException;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionalException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = EmbeddedInfrastructure.class,
        initArgs = @ResourceArg(name = "database", value = "participant_under_test"))
class RecordIntakeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    MessageIntake intake;

    @Inject
    Outbox outbox;

    @Inject
    Inbox inbox;

    @Inject
    Database database;

    @Inject
    ScriptedSteps steps;

    private final MessageCodec codec = new MessageCodec();
    private final MigrationId migration = MigrationId.make();
    private final UUID messageId = UUID.randomUUID();
    private SentMessages messages;

    @BeforeEach
    void open() {
        messages = new SentMessages();
    }

    @AfterEach
    void close() {
        messages.close();
    }

    @Nested
    class Transactions {

        @Test
        void rolledBackTransactionSendsNothing() {
            // When
            assertThatThrownBy(() -> database.inTransaction(() -> {
                        send(new StepHalted(migration, Step.FINISH, 1));
                        throw new IllegalStateException("roll back");
                    }))
                    .hasMessage("roll back");
            database.inTransaction(() -> send(new StepHalted(migration, Step.FINISH, 2)));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(new StepHalted(migration, Step.FINISH, 2));
        }

        @Test
        void sendingAndAskingTheInboxNeedATransaction() {
            assertThatThrownBy(() -> send(new StepHalted(migration, Step.FINISH, 1)))
                    .isInstanceOf(TransactionalException.class);
            assertThatThrownBy(() -> inbox.firstTime(messageId, "test")).isInstanceOf(TransactionalException.class);
        }

        @Test
        void messageThatTheRelaySentTwiceIsHandledOnce() {
            // Given
            AtomicInteger handled = new AtomicInteger();
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));

            // When
            intake.accept(record, received -> handled.incrementAndGet());
            intake.accept(record, received -> handled.incrementAndGet());

            // Then
            assertThat(handled).hasValue(1);
        }

        @Test
        void handlingWhoseConnectionBreaksIsRepeatedAsAWhole() {
            // Given
            AtomicInteger tries = new AtomicInteger();
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));

            // When
            intake.accept(record, received -> {
                send(new StepHalted(migration, Step.FINISH, tries.incrementAndGet()));
                if (tries.get() == 1) {
                    database.query(row -> 1, "select pg_terminate_backend(pg_backend_pid())");
                }
            });

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(new StepHalted(migration, Step.FINISH, 2));
        }

        @Test
        void whatIsSentWhileHandlingNamesItsCauseAndTrace() {
            // Given
            String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));
            record.headers().add("traceparent", trace.getBytes(UTF_8));

            // When
            intake.accept(record, received -> send(received.message()));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.events(migration).isEmpty());
            assertThat(messages.events(migration)).singleElement().satisfies(event -> {
                assertThat(header(event, "causation-id")).isEqualTo(messageId.toString());
                assertThat(header(event, "traceparent")).isEqualTo(trace);
            });
        }
    }

    @Nested
    class DeadLetters {

        @Test
        void poisonBecomesADeadLetterWithoutItsContentsAndTheNextCommandIsHandled() {
            // Given
            steps.play(migration, (command, context) -> new StepHalted(migration, Step.EXPORT_VAULT, 1));
            String key = migration.toString();

            // When
            messages.sendRaw(key, "canary-77d", Map.of("message-id", messageId.toString()));
            messages.sendRaw(key, "{\"type\":\"vault-exploded.v9\",\"migrationId\":\"canary-77d\"}", Map.of());
            messages.send(new ExportVault(migration, 1, MigrationOptions.ALL));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(new StepHalted(migration, Step.EXPORT_VAULT, 1));
            await().atMost(PATIENCE).until(() -> messages.deadLetters(key).size() == 2);
            assertThat(messages.deadLetters(key)).allSatisfy(letter -> {
                assertThat(letter.value())
                        .contains("\"topic\":\"export-commands\"")
                        .doesNotContain("canary");
                letter.headers()
                        .forEach(header ->
                                assertThat(new String(header.value(), UTF_8)).doesNotContain("canary"));
            });
            assertThat(messages.deadLetters(key).getFirst().value())
                    .contains("\"reason\":\"Unreadable\"", "\"messageId\":\"" + messageId + "\"", "\"length\":10");
        }

        @Test
        void keyThatIsNoIdIsNotRepeated() {
            // When
            messages.sendRaw("canary-77d", "x".repeat(77_777), Map.of("message-id", messageId.toString()));

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(messages.deadLettersContaining("\"length\":77777"))
                            .singleElement()
                            .satisfies(letter -> assertThat(letter.key()).isNull()));
        }

        @Test
        void recordWithoutValueOrMessageIdIsADeadLetter() {
            // Given
            AtomicInteger handled = new AtomicInteger();

            // When
            intake.perform(record(null), received -> handled.incrementAndGet());
            intake.perform(
                    new ConsumerRecord<>(
                            Topics.EXPORT_COMMANDS,
                            0,
                            0,
                            migration.toString().getBytes(UTF_8),
                            codec.encode(new StepHalted(migration, Step.FINISH, 1))),
                    received -> handled.incrementAndGet());

            // Then
            assertThat(handled).hasValue(0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(messages.deadLetters(migration.toString()))
                            .satisfiesExactlyInAnyOrder(
                                    letter -> assertThat(letter.value()).contains("\"reason\":\"NoValue\""),
                                    letter -> assertThat(letter.value()).contains("\"reason\":\"NoMessageId\"")));
        }

        @Test
        void longWorkIsRepeatedAndGivenUpWithoutTheInbox() {
            // Given
            AtomicInteger tries = new AtomicInteger();
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));

            // When
            intake.perform(record, received -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("canary-77d");
                }
            });
            intake.perform(record, received -> tries.incrementAndGet());

            // Then
            assertThat(tries).hasValue(4);
            assertThat(messages.deadLetters(migration.toString())).isEmpty();
        }

        @Test
        void handlingThatAlwaysFailsIsGivenUpAfterAFewTries() {
            // Given
            AtomicInteger tries = new AtomicInteger();
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));

            // When
            intake.accept(record, received -> {
                tries.incrementAndGet();
                throw new IllegalStateException("canary-77d");
            });

            // Then
            assertThat(tries).hasValue(5);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(messages.deadLetters(migration.toString()))
                            .singleElement()
                            .satisfies(letter -> assertThat(letter.value())
                                    .contains("IllegalStateException")
                                    .doesNotContain("canary")));
        }

        @Test
        void messageThatDoesNotBelongOnTheTopicIsGivenUpAtOnce() {
            // Given
            AtomicInteger tries = new AtomicInteger();
            ConsumerRecord<byte[], byte[]> record = record(codec.encode(new StepHalted(migration, Step.FINISH, 1)));

            // When
            intake.accept(record, received -> {
                tries.incrementAndGet();
                throw new UnexpectedMessageException(received.message());
            });

            // Then
            assertThat(tries).hasValue(1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(messages.deadLetters(migration.toString()))
                            .hasSize(1));
        }
    }

    private void send(Message message) {
        outbox.send(Topics.MIGRATION_EVENTS, migration.toString(), message);
    }

    private ConsumerRecord<byte[], byte[]> record(byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("message-id", messageId.toString().getBytes(UTF_8));
        return new ConsumerRecord<>(
                Topics.EXPORT_COMMANDS,
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                migration.toString().getBytes(UTF_8),
                value,
                headers,
                Optional.empty());
    }
}
