package io.vaultferry.messaging.steps;

import static io.vaultferry.messaging.SentMessages.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepCommand.ImportItems;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.ScriptedSteps;
import io.vaultferry.messaging.SentMessages;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepJobs;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = EmbeddedInfrastructure.class,
        initArgs = @ResourceArg(name = "database", value = "participant_under_test"))
class StepJobsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 4;

    @Inject
    ScriptedSteps steps;

    @Inject
    Database database;

    @Inject
    StepJobs jobs;

    @Inject
    StepJobQueue queue;

    @Inject
    StepHandlers handlers;

    @Inject
    FailureDiagnosis diagnosis;

    @Inject
    MessageCodec codec;

    @Inject
    Outbox outbox;

    @Inject
    JobSettings settings;

    @Inject
    JobSignal signal;

    @Inject
    MeterRegistry meters;

    private final MigrationId migration = MigrationId.make();
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
    class Redelivery {

        @Test
        void redeliveredCommandIsExecutedOnceAndAnsweredOnce() {
            // Given
            AtomicInteger executions = countingScript();
            UUID id = messages.send(export(1));
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 1);

            // When
            messages.send(export(1), id);
            messages.send(export(1), id);
            MigrationId marker = runMarker();

            // Then
            assertThat(messages.replies(marker)).hasSize(1);
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(1);
        }

        @Test
        void commandThatIsEmittedAgainAfterItsAnswerIsAnsweredAgainFromStore() {
            // Given
            AtomicInteger executions = countingScript();
            messages.send(export(1));
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 1);

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(messages.replies(migration)).containsExactly(exported(1), exported(1)));
            assertThat(messages.events(migration).stream().map(event -> header(event, "message-id")))
                    .doesNotHaveDuplicates();
            assertThat(executions).hasValue(1);
        }

        @Test
        void commandThatIsEmittedAgainDuringTheWorkIsIgnored() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            CountDownLatch finish = new CountDownLatch(1);
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                finish.await();
                return exported(1);
            });
            messages.send(export(1));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));

            // When
            messages.send(export(1));
            runMarker();
            finish.countDown();

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(1);
        }

        @Test
        void answerNamesTheCommandAsItsCause() {
            // Given
            countingScript();

            // When
            UUID id = messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> messages.events(migration).size() == 1);
            assertThat(messages.events(migration)).singleElement().satisfies(event -> {
                assertThat(header(event, "causation-id")).isEqualTo(id.toString());
                assertThat(header(event, "message-type")).isEqualTo("vault-exported.v1");
            });
        }
    }

    @Nested
    class Leases {

        @Test
        void abandonedJobIsRunOnceMoreAndAnsweredOnce() {
            // Given
            AtomicInteger executions = countingScript();

            // When: what a process leaves that was killed between the work and the answer
            insertHeld("RUNNING", 1, "-1 second");

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(1);
            assertThat(epoch()).isEqualTo(2);
        }

        @Test
        void livingWorkerKeepsItsJobLongerThanALease() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                Instant end = Instant.now().plus(settings.lease()).plusSeconds(2);
                await().atMost(PATIENCE).until(() -> {
                    context.checkpoint();
                    return Instant.now().isAfter(end);
                });
                return exported(1);
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(1);
            assertThat(epoch()).isEqualTo(1);
        }

        @Test
        void workerThatLostItsJobIsToldSoAndItsAnswerIsDropped() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            CountDownLatch lost = new CountDownLatch(1);
            List<Throwable> told = new ArrayList<>();
            steps.play(migration, (command, context) -> {
                if (executions.incrementAndGet() == 1) {
                    lost.await();
                    await().atMost(PATIENCE).until(() -> stops(context, told));
                    database.inTransaction(() -> stopsAtFence(context, told));
                }
                return new VaultExported(migration, 1, null, content(executions.get()));
            });
            messages.send(export(1));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));

            // When: another process takes the job over
            database.update(
                    "update step_job set epoch = epoch + 1, lease_until = clock_timestamp() + interval '2 seconds'"
                            + " where migration_id = ?",
                    migration.value());
            lost.countDown();

            // Then: the other process's lease runs out in turn, and the second execution here answers
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(new VaultExported(migration, 1, null, content(2)));
            assertThat(told).hasSize(2);
            assertThat(epoch()).isEqualTo(3);
        }

        @Test
        void stepWhoseWorkersKeepDyingFails() {
            // Given
            AtomicInteger executions = countingScript();
            insertHeld("RUNNING", 1, "-1 second");
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            database.update(
                    "update step_job set state = 'RUNNING', takeovers = ?, lease_until = clock_timestamp(),"
                            + " attempt = 2, command = ? where migration_id = ?",
                    settings.mostTakeovers(),
                    json(export(2)),
                    migration.value());

            // When
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 2);

            // Then
            assertThat(messages.replies(migration).getLast()).isInstanceOfSatisfying(StepFailed.class, failed -> {
                assertThat(failed.code()).isEqualTo(FailureCode.INTERNAL_ERROR);
                assertThat(failed.attempt()).isEqualTo(2);
            });
            assertThat(executions).hasValue(1);
        }

        @Test
        void twoProcessesNeverRunOneJobAtOnce() throws Exception {
            // Given
            int migrations = 40;
            Map<MigrationId, AtomicInteger> running = new ConcurrentHashMap<>();
            AtomicInteger overlaps = new AtomicInteger();
            AtomicInteger executions = new AtomicInteger();
            List<MigrationId> ids =
                    Stream.generate(MigrationId::make).limit(migrations).toList();
            for (MigrationId id : ids) {
                steps.play(id, (command, context) -> {
                    executions.incrementAndGet();
                    if (running.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet() > 1) {
                        overlaps.incrementAndGet();
                    }
                    database.queryOne(row -> 1, "select pg_sleep(0.02)");
                    running.get(id).decrementAndGet();
                    return new VaultExported(id, command.attempt(), null, content(1));
                });
            }

            // When
            StepJobRunner second = runner();
            Runnable wake = second::wake;
            try (second) {
                second.start();
                signal.register(wake);
                for (int attempt = 1; attempt <= 3; attempt++) {
                    for (MigrationId id : ids) {
                        messages.send(new ExportVault(id, attempt, MigrationOptions.ALL));
                    }
                }
                await().atMost(PATIENCE.multipliedBy(2))
                        .until(() -> database.queryOne(
                                                row -> row.getLong(1),
                                                "select count(*) from step_job where state = 'DONE' and attempt = 3"
                                                        + " and migration_id = any (?)",
                                                (Object) ids.stream()
                                                        .map(MigrationId::value)
                                                        .toArray(UUID[]::new))
                                        .orElseThrow()
                                == migrations);
            } finally {
                signal.unregister(wake);
            }

            // Then
            assertThat(overlaps).hasValue(0);
            assertThat(executions.get()).isBetween(migrations, 3 * migrations);
            for (MigrationId id : ids) {
                assertThat(messages.replies(id).stream().filter(reply -> reply.attempt() == 3))
                        .hasSize(1);
            }
        }
    }

    @Nested
    class Shutdown {

        @Test
        void stoppedProcessLeavesItsJobsToOthersAtOnce() {
            // Given: the workers of two processes, all busy
            int busy = 2 * settings.workers();
            AtomicInteger executions = new AtomicInteger();
            CountDownLatch finish = new CountDownLatch(1);
            List<MigrationId> ids =
                    Stream.generate(MigrationId::make).limit(busy).toList();
            StepJobRunner second = runner();
            second.start();
            for (MigrationId id : ids) {
                steps.play(id, (command, context) -> {
                    executions.incrementAndGet();
                    await().atMost(PATIENCE).until(() -> {
                        context.checkpoint();
                        return finish.getCount() == 0;
                    });
                    return new VaultExported(id, 1, null, content(1));
                });
                messages.send(new ExportVault(id, 1, MigrationOptions.ALL));
            }
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(busy));

            // When
            second.close();
            finish.countDown();

            // Then
            for (MigrationId id : ids) {
                await().atMost(PATIENCE).until(() -> messages.replies(id).size() == 1);
            }
            assertThat(executions).hasValue(busy + settings.workers());
            assertThat(takeovers(ids)).isZero();
        }
    }

    @Nested
    class Halting {

        @Test
        void runningStepStopsAtItsNextCheckpointAndSaysSo() {
            // Given
            AtomicInteger executions = scriptUntilStopped();
            messages.send(export(1));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));

            // When
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(halted(1));
            assertThat(executions).hasValue(1);
            assertThat(steps.halted(migration)).isTrue();
        }

        @Test
        void waitingStepIsHaltedWithoutBeingRun() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                throw new ScriptedSteps.TargetBusyException();
            });
            insertReady("1 hour");

            // When
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(halted(1));
            assertThat(executions).hasValue(0);
            assertThat(steps.halted(migration)).isTrue();
        }

        @Test
        void stepThatNobodyAskedForIsHalted() {
            // When
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 4));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(halted(4));
        }

        @Test
        void finishedStepAnswersWhatItAnsweredBefore() {
            // Given
            countingScript();
            messages.send(export(1));
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 1);

            // When
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 1));

            // Then
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 2);
            assertThat(messages.replies(migration)).containsExactly(exported(1), exported(1));
        }

        @Test
        void haltOfAnEarlierAttemptIsIgnored() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            CountDownLatch finish = new CountDownLatch(1);
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                finish.await();
                context.checkpoint();
                return exported(2);
            });
            messages.send(export(2));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));

            // When
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 1));
            runMarker();
            finish.countDown();

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(2));
            assertThat(steps.halted(migration)).isFalse();
        }

        @Test
        void jobOfADeadWorkerThatWasAskedToHaltIsNotRunAgain() {
            // Given
            AtomicInteger executions = countingScript();

            // When
            insertHeld("HALTING", 1, "-1 second");

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(halted(1));
            assertThat(executions).hasValue(0);
            assertThat(steps.halted(migration)).isTrue();
        }

        @Test
        void haltedStepGoesOnWithAHigherAttempt() {
            // Given
            AtomicInteger executions = scriptUntilStopped();
            messages.send(export(1));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 1));
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 1);
            steps.play(migration, (command, context) -> exported(command.attempt()));

            // When
            messages.send(export(2));

            // Then
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 2);
            assertThat(messages.replies(migration)).containsExactly(halted(1), exported(2));
        }
    }

    @Nested
    class Attempts {

        @Test
        void higherAttemptWaitsUntilTheLowerOneHasStopped() {
            // Given
            List<String> events = Collections.synchronizedList(new ArrayList<>());
            Semaphore mayStop = new Semaphore(0);
            steps.play(migration, (command, context) -> {
                events.add("begin " + command.attempt());
                if (command.attempt() == 1) {
                    mayStop.acquire();
                    try {
                        await().atMost(PATIENCE).until(() -> {
                            context.checkpoint();
                            return false;
                        });
                    } finally {
                        events.add("end 1");
                    }
                }
                return exported(command.attempt());
            });
            messages.send(export(1));
            await().atMost(PATIENCE).until(() -> events.contains("begin 1"));

            // When
            messages.send(export(2));
            await().atMost(PATIENCE).until(() -> state().equals("REPLACING"));
            assertThat(events).containsExactly("begin 1");
            mayStop.release();

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(events).containsExactly("begin 1", "end 1", "begin 2");
            assertThat(messages.replies(migration)).containsExactly(exported(2));
        }

        @Test
        void lowerAttemptThatArrivesLateIsIgnored() {
            // Given
            AtomicInteger executions = countingScript();
            messages.send(export(2));
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 1);

            // When
            messages.send(export(1));
            runMarker();

            // Then
            assertThat(messages.replies(migration)).containsExactly(exported(2));
            assertThat(executions).hasValue(1);
        }

        @Test
        void replacingAttemptThatIsHaltedInTurnAnswersForItself() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            Semaphore mayStop = new Semaphore(0);
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                mayStop.acquire();
                context.checkpoint();
                return exported(command.attempt());
            });
            messages.send(export(1));
            await().atMost(PATIENCE).untilAtomic(executions, equalTo(1));

            // When
            messages.send(export(2));
            messages.send(new HaltStep(migration, Step.EXPORT_VAULT, 2));
            await().atMost(PATIENCE).until(() -> state().equals("HALTING"));
            mayStop.release();

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(halted(2));
            assertThat(executions).hasValue(1);
        }

        @Test
        void undoingBeginsWhenTheStepHasStopped() {
            // Given
            List<String> events = Collections.synchronizedList(new ArrayList<>());
            steps.play(migration, (command, context) -> {
                if (command instanceof UndoStep) {
                    events.add("undo");
                    return new StepUndone(migration, Step.EXPORT_VAULT, 1, 3, 0);
                }
                events.add("begin");
                try {
                    await().atMost(PATIENCE).until(() -> {
                        context.checkpoint();
                        return false;
                    });
                } finally {
                    events.add("end");
                }
                return exported(1);
            });
            messages.send(export(1));
            await().atMost(PATIENCE).until(() -> events.contains("begin"));

            // When
            messages.send(new UndoStep(migration, Step.EXPORT_VAULT, 1));

            // Then
            await().atMost(PATIENCE).until(() -> messages.replies(migration).size() == 2);
            assertThat(events).containsExactly("begin", "end", "undo");
            assertThat(messages.replies(migration))
                    .containsExactly(halted(1), new StepUndone(migration, Step.EXPORT_VAULT, 1, 3, 0));
        }
    }

    @Nested
    class Failures {

        @Test
        void failureThatPassesIsTriedAgainUntilItHasPassed() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                if (executions.incrementAndGet() < 3) {
                    throw new IllegalStateException("wrapped", new ScriptedSteps.TargetBusyException());
                }
                return exported(1);
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(3);
        }

        @Test
        void failureThatDoesNotPassIsGivenUp() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                throw new ScriptedSteps.TargetBusyException();
            });
            Instant begin = Instant.now();

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration))
                    .containsExactly(new StepFailed(migration, Step.EXPORT_VAULT, 1, FailureCode.RATE_LIMITED, "429"));
            assertThat(Duration.between(begin, Instant.now())).isGreaterThanOrEqualTo(settings.giveUpAfter());
            assertThat(executions).hasValueGreaterThan(2);
        }

        @Test
        void stepThatGetsFurtherBetweenFailuresIsNotGivenUp() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            Instant enough = Instant.now().plus(settings.giveUpAfter().multipliedBy(2));
            steps.play(migration, (command, context) -> {
                int execution = executions.incrementAndGet();
                context.progress(execution, 1_000, 0, 0);
                context.progress(execution + 1, 1_000, 0, 0);
                if (Instant.now().isBefore(enough)) {
                    throw new ScriptedSteps.TargetBusyException();
                }
                return exported(1);
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
        }

        @Test
        void failureThatNeedsAPersonIsAnsweredAtOnce() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                executions.incrementAndGet();
                throw new StepFailureException(FailureCode.RIGHTS_MISSING, "401 export");
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration))
                    .containsExactly(
                            new StepFailed(migration, Step.EXPORT_VAULT, 1, FailureCode.RIGHTS_MISSING, "401 export"));
            assertThat(executions).hasValue(1);
        }

        @Test
        void defectIsAnsweredWithItsClassOnly() {
            // Given
            steps.play(migration, (command, context) -> {
                throw new IllegalStateException("canary-41c");
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration))
                    .containsExactly(new StepFailed(
                            migration, Step.EXPORT_VAULT, 1, FailureCode.INTERNAL_ERROR, "IllegalStateException"));
        }

        @Test
        void errorOfTheCodeIsAnswered() {
            // Given
            steps.play(migration, (command, context) -> {
                throw new NoSuchMethodError("canary-41c");
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration))
                    .containsExactly(new StepFailed(
                            migration, Step.EXPORT_VAULT, 1, FailureCode.INTERNAL_ERROR, "NoSuchMethodError"));
        }

        @Test
        void lostDatabaseConnectionIsTriedAgain() {
            // Given
            AtomicInteger executions = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                if (executions.incrementAndGet() == 1) {
                    database.query(row -> 1, "select pg_terminate_backend(pg_backend_pid())");
                }
                return exported(1);
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(2);
        }

        @Test
        void answerToSomethingElseIsADefect() {
            // Given
            steps.play(migration, (command, context) -> exported(7));

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).singleElement().isInstanceOf(StepFailed.class);
        }

        @Test
        void commandWithoutHandlerIsAnsweredAsFailed() {
            // When
            messages.send(new ImportItems(migration, 1, MigrationOptions.ALL, null, null));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration))
                    .containsExactly(new StepFailed(
                            migration,
                            Step.IMPORT_ITEMS,
                            1,
                            FailureCode.INTERNAL_ERROR,
                            "this service does not carry out import-items.v1"));
        }
    }

    @Nested
    class Speed {

        @Test
        void progressIsThinnedOutAndComesBeforeTheAnswer() {
            // Given
            AtomicInteger done = new AtomicInteger();
            steps.play(migration, (command, context) -> {
                Instant end = Instant.now().plusMillis(2_500);
                await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(() -> {
                    context.progress(done.incrementAndGet(), 100_000, 0, 0);
                    return Instant.now().isAfter(end);
                });
                return exported(1);
            });

            // When
            messages.send(export(1));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.progress(migration)).hasSizeBetween(2, 4);
            assertThat(messages.progress(migration).getLast().done()).isEqualTo(done.get());
            assertThat(header(messages.events(migration).getLast(), "message-type"))
                    .isEqualTo("vault-exported.v1");
        }

        @Test
        void serviceHandsACommandToItself() {
            // Given
            AtomicInteger executions = countingScript();

            // When
            database.inTransaction(() -> jobs.enqueue(export(1)));

            // Then
            await().atMost(PATIENCE).until(() -> !messages.replies(migration).isEmpty());
            assertThat(messages.replies(migration)).containsExactly(exported(1));
            assertThat(executions).hasValue(1);
        }

        @Test
        void commandIsAnsweredWithoutWaitingForAnyTimer() throws Exception {
            // Given
            int rounds = 60;
            long[] micros = new long[rounds];
            long[] bare = new long[rounds];

            // When
            try (CommandToEvent peer = CommandToEvent.open()) {
                for (int i = 0; i < rounds; i++) {
                    MigrationId id = MigrationId.make();
                    steps.play(id, (command, context) -> new VaultExported(id, 1, null, content(1)));
                    micros[i] = peer.measure(new ExportVault(id, 1, MigrationOptions.ALL));
                    bare[i] = peer.measureBareKafka();
                }
            }

            // Then: a timer (1 s for jobs, 5 s for the relay) would show in the median
            Arrays.sort(micros);
            Arrays.sort(bare);
            System.out.printf(
                    "command -> event: median %.1f ms, p90 %.1f ms, best %.1f ms of %d; bare Kafka: median %.1f ms%n",
                    micros[rounds / 2] / 1_000.0,
                    micros[rounds * 9 / 10] / 1_000.0,
                    micros[0] / 1_000.0,
                    rounds,
                    bare[rounds / 2] / 1_000.0);
            assertThat(Duration.ofNanos(micros[rounds / 2] * 1_000)).isLessThan(Duration.ofMillis(400));
        }
    }

    private AtomicInteger countingScript() {
        AtomicInteger executions = new AtomicInteger();
        steps.play(migration, (command, context) -> {
            executions.incrementAndGet();
            return exported(command.attempt());
        });
        return executions;
    }

    private AtomicInteger scriptUntilStopped() {
        AtomicInteger executions = new AtomicInteger();
        steps.play(migration, (command, context) -> {
            executions.incrementAndGet();
            await().atMost(PATIENCE).until(() -> {
                context.checkpoint();
                return false;
            });
            return exported(command.attempt());
        });
        return executions;
    }

    /** Sends a command of another migration with the same record order and waits for its answer. */
    private MigrationId runMarker() {
        MigrationId marker = migrationInThePartitionOf(migration);
        steps.play(marker, (command, context) -> new VaultExported(marker, 1, null, content(1)));
        messages.send(new ExportVault(marker, 1, MigrationOptions.ALL));
        await().atMost(PATIENCE).until(() -> !messages.replies(marker).isEmpty());
        return marker;
    }

    private static MigrationId migrationInThePartitionOf(MigrationId other) {
        return Stream.generate(MigrationId::make)
                .filter(id -> partition(id) == partition(other))
                .findFirst()
                .orElseThrow();
    }

    private static int partition(MigrationId id) {
        return Utils.toPositive(Utils.murmur2(id.toString().getBytes(UTF_8))) % PARTITIONS;
    }

    private static boolean stops(StepContext context, List<Throwable> told) {
        try {
            context.checkpoint();
            return false;
        } catch (StepStoppedException e) {
            told.add(e);
            return true;
        }
    }

    private static void stopsAtFence(StepContext context, List<Throwable> told) {
        try {
            context.fence();
        } catch (StepStoppedException e) {
            told.add(e);
        }
    }

    private StepJobRunner runner() {
        return new StepJobRunner(database, queue, handlers, diagnosis, codec, outbox, () -> true, settings, meters);
    }

    private void insertHeld(String state, int epoch, String leaseFromNow) {
        database.update(
                "insert into step_job (migration_id, step, undo, attempt, state, command, command_id, epoch, lease_until)"
                        + " values (?, 'EXPORT_VAULT', false, 1, ?, ?, ?, ?, clock_timestamp() + ?::interval)",
                migration.value(),
                state,
                json(export(1)),
                UUID.randomUUID(),
                epoch,
                leaseFromNow);
    }

    private void insertReady(String runsIn) {
        database.update(
                "insert into step_job (migration_id, step, undo, attempt, state, command, command_id, next_run_at)"
                        + " values (?, 'EXPORT_VAULT', false, 1, 'READY', ?, ?, clock_timestamp() + ?::interval)",
                migration.value(),
                json(export(1)),
                UUID.randomUUID(),
                runsIn);
    }

    private long takeovers(List<MigrationId> ids) {
        return database.queryOne(
                        row -> row.getLong(1),
                        "select sum(takeovers) from step_job where migration_id = any (?)",
                        (Object) ids.stream().map(MigrationId::value).toArray(UUID[]::new))
                .orElseThrow();
    }

    private long epoch() {
        return database.queryOne(
                        row -> row.getLong(1), "select epoch from step_job where migration_id = ?", migration.value())
                .orElseThrow();
    }

    private String state() {
        return database.queryOne(
                        row -> row.getString(1), "select state from step_job where migration_id = ?", migration.value())
                .orElseThrow();
    }

    private String json(StepCommand command) {
        return new String(codec.encode(command), UTF_8);
    }

    private ExportVault export(int attempt) {
        return new ExportVault(migration, attempt, MigrationOptions.ALL);
    }

    private StepReply exported(int attempt) {
        return new VaultExported(migration, attempt, null, content(1));
    }

    private StepReply halted(int attempt) {
        return new StepHalted(migration, Step.EXPORT_VAULT, attempt);
    }

    private static SourceContent content(long collections) {
        return new SourceContent(collections, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, List.of());
    }
}
