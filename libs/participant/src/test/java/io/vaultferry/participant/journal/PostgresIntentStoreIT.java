package io.vaultferry.participant.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.participant.journal.IntentStore.NewIntent;
import io.vaultferry.participant.journal.TargetWrite.Recognition;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = EmbeddedInfrastructure.class,
        initArgs = @ResourceArg(name = "database", value = "participant_journal"))
class PostgresIntentStoreIT {

    private static final int SEEDS = Integer.getInteger("seeds", 5);
    private static final UnitLimits LARGE = new UnitLimits(1000, Long.MAX_VALUE);

    @Inject
    Database database;

    private final MigrationId migration = MigrationId.make();
    private final StagingKey key = StagingKey.make();
    private final StepContext context = SimulatedWorld.context();

    @Test
    void nothingIsLostAndNothingIsDoubledWhateverCrashes() {
        for (Recognition recognition : Recognition.values()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try {
                    new EffectivelyOnceSimulationTest.Run(
                                    seed, recognition, world -> storeOf(MigrationId.make(), StagingKey.make()))
                            .toTheEnd()
                            .check();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + " " + recognition + ": " + e.getMessage(), e);
                }
            }
        }
    }

    @Test
    void anIntentIsRecordedOnceAndKeepsItsFirstBytes() {
        IntentStore store = store();
        store.record(List.of(intent("source", "first bytes")), context);

        store.record(List.of(intent("source", "other bytes"), intent("new", "bytes")), context);

        assertThat(store.recorded()).containsExactlyInAnyOrder("source", "new");
        assertThat(store.nextUnit(LARGE))
                .extracting(unit -> new String(unit.payload(), StandardCharsets.UTF_8))
                .containsExactly("first bytes", "bytes");
    }

    @Test
    void whoAsksForOneIntentHearsOfThatOneOnly() {
        // Given
        IntentStore store = store();
        store.record(List.of(intent("one", "bytes"), intent("other", "bytes")), context);

        // When
        Set<String> recorded = store.recorded(List.of("other", "missing"));

        // Then
        assertThat(recorded).containsExactly("other");
    }

    @Test
    void askingForOneIntentCostsTheSameHoweverManyThereAre() {
        // Given
        database.update(
                "insert into write_intent (id, migration_id, step, kind, unit, source_id, payload_size,"
                        + " fingerprint, present_before, state) select gen_random_uuid(), ?, 'TRANSFER_ATTACHMENTS',"
                        + " 'ATTACHMENT', n::text, n::text, 0, n::text, '{}', 'INTENDED'"
                        + " from generate_series(1, 20000) n",
                migration.value());
        database.update("analyze write_intent");

        // When
        List<String> plan = database.query(
                row -> row.getString(1),
                "explain select source_id from write_intent where migration_id = ? and kind = ?"
                        + " and source_id = any(?::text[])",
                migration.value(),
                "ATTACHMENT",
                new String[] {"17"});

        // Then
        assertThat(String.join("\n", plan))
                .contains("write_intent_migration_id_kind_source_id_key")
                .doesNotContain("Seq Scan");
    }

    @Test
    void nothingOfAPayloadOrATokenIsReadableInTheDatabase() {
        store().record(
                        List.of(new NewIntent(
                                new PlannedWrite("source", bytes("a vault item"), "2.token|of|it"), Set.of())),
                        context);

        List<String> stored = database.query(
                row -> row.getString(1) + " " + new String(row.getBytes(2), StandardCharsets.ISO_8859_1),
                "select fingerprint, payload from write_intent join write_payload on intent_id = id where migration_id = ?",
                migration.value());

        assertThat(stored).singleElement().asString().doesNotContain("vault", "item", "token");
    }

    @Test
    void payloadsThatWereExchangedInTheDatabaseAreRefused() {
        IntentStore store = store();
        store.record(List.of(intent("one", "bytes of one"), intent("other", "bytes of other")), context);

        database.update(
                "update write_payload set payload = (select payload from write_payload join write_intent on id = intent_id"
                        + " where migration_id = ? and source_id = 'one')"
                        + " where intent_id = (select id from write_intent where migration_id = ? and source_id = 'other')",
                migration.value(),
                migration.value());

        assertThatThrownBy(() -> store.nextUnit(LARGE)).isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aWorkerThatHasLostItsJobChangesNothing() {
        // Given
        IntentStore store = store();
        store.record(List.of(intent("source", "bytes")), context);
        List<Intent> unit = store.nextUnit(LARGE);

        // When
        assertThatThrownBy(() -> store.sent(unit, lost())).isInstanceOf(StepStoppedException.class);
        assertThatThrownBy(() -> store.record(List.of(intent("late", "bytes")), lost()))
                .isInstanceOf(StepStoppedException.class);

        // Then
        assertThat(store.nextUnit(LARGE)).hasSize(1);
        assertThat(store.recorded()).containsExactly("source");
    }

    @Test
    void theFenceIsPartOfTheTransaction() {
        AtomicBoolean inTransaction = new AtomicBoolean();
        StepContext fencing = new DelegatingContext() {
            @Override
            public void fence() {
                inTransaction.set(QuarkusTransaction.getStatus() == Status.STATUS_ACTIVE);
            }
        };

        store().record(List.of(intent("source", "bytes")), fencing);

        assertThat(inTransaction).isTrue();
    }

    @Test
    void aUnitIsMarkedAsSentOnce() {
        IntentStore store = store();
        store.record(List.of(intent("source", "bytes"), intent("other", "bytes")), context);
        List<Intent> unit = store.nextUnit(LARGE);
        store.sent(unit.subList(0, 1), context);

        assertThatThrownBy(() -> store.sent(unit, context)).isInstanceOf(IllegalStateException.class);

        assertThat(store.nextUnit(LARGE)).as("all of a unit or nothing").hasSize(1);
    }

    @Test
    void unitsKeepToTheirLimits() {
        IntentStore store = store();
        store.record(
                IntStream.range(0, 10)
                        .mapToObj(i -> intent("source-" + i, "x".repeat(100)))
                        .toList(),
                context);

        assertThat(store.nextUnit(new UnitLimits(3, Long.MAX_VALUE))).hasSize(3);
        assertThat(store.nextUnit(new UnitLimits(10, 450))).hasSize(4);
        assertThat(store.nextUnit(new UnitLimits(10, 1)))
                .as("a large object goes alone")
                .hasSize(1);
    }

    @Test
    void whatFailsAloneComesLastAndSmallUnitsAfterLargeOnes() {
        // Given
        IntentStore store = store();
        store.record(List.of(intent("fails", "b"), intent("small", "b"), intent("fresh", "b")), context);
        List<Intent> unit = store.nextUnit(LARGE);
        store.sent(unit.subList(0, 2), context);
        store.settle(
                Map.of(
                        unit.get(0).id(), new Verdict.SendAgain(1, true, true),
                        unit.get(1).id(), new Verdict.SendAgain(1, false, false)),
                context);

        // When
        List<String> order = new ArrayList<>();
        for (List<Intent> next = store.nextUnit(LARGE); !next.isEmpty(); next = store.nextUnit(LARGE)) {
            next.forEach(intent -> order.add(intent.sourceId()));
            store.sent(next, context);
            store.rejected(next, ReasonCode.REFUSED_BY_TARGET, context);
        }

        // Then
        assertThat(order).containsExactly("fresh", "small", "fails");
    }

    @Test
    void createdObjectsAreListedNewestFirstUntilTheyAreRemoved() {
        // Given: more than a page
        IntentStore store = store();
        store.record(
                IntStream.range(0, 250)
                        .mapToObj(i -> intent("source-" + i, "bytes " + i))
                        .toList(),
                context);
        List<Intent> unit = store.nextUnit(LARGE);
        store.sent(unit, context);
        store.created(
                unit,
                unit.stream().map(intent -> "target of " + intent.sourceId()).toList(),
                context);

        // When
        store.removed(List.of("source-248"), context);

        // Then
        List<CreatedObject> created = new ArrayList<>();
        store.forEachCreated(created::add);
        assertThat(created).hasSize(249);
        assertThat(created.getFirst().sourceId()).isEqualTo("source-249");
        assertThat(created.getFirst().targetId()).isEqualTo("target of source-249");
        assertThat(created.getFirst().payload()).isEqualTo(bytes("bytes 249"));
        assertThat(created.get(1).sourceId()).isEqualTo("source-247");
        assertThat(store.counts()).isEqualTo(new IntentStore.Counts(250, 249, 0));
    }

    @Test
    void outcomesComeInTheOrderOfThePlanHoweverManyThereAre() {
        IntentStore store = store();
        for (int batch = 0; batch < 3; batch++) {
            int first = batch * 700;
            store.record(
                    IntStream.range(first, first + 700)
                            .mapToObj(i -> intent("source-" + i, "b"))
                            .toList(),
                    context);
        }

        List<String> sources = new ArrayList<>();
        store.forEachOutcome(outcome -> sources.add(outcome.sourceId()));

        assertThat(sources)
                .isEqualTo(IntStream.range(0, 2100).mapToObj(i -> "source-" + i).toList());
    }

    @Test
    void whatWasThereBeforeIsRemembered() {
        IntentStore store = store();
        store.record(
                List.of(new NewIntent(new PlannedWrite("source", bytes("b"), "name"), Set.of("theirs", "others'"))),
                context);
        store.sent(store.nextUnit(LARGE), context);

        assertThat(store.open()).singleElement().satisfies(write -> {
            assertThat(write.presentBefore()).containsExactlyInAnyOrder("theirs", "others'");
            assertThat(write.fingerprint()).isEqualTo(store.fingerprint("name"));
            assertThat(write.state()).isEqualTo(IntentState.SENT);
            assertThat(write.sinceLastSent()).isLessThan(java.time.Duration.ofMinutes(1));
        });
    }

    private IntentStore store() {
        return storeOf(migration, key);
    }

    private IntentStore storeOf(MigrationId id, StagingKey stagingKey) {
        return new PostgresIntentStore(database, WriteScope.of(id, Step.IMPORT_ITEMS, WriteKind.ITEM), stagingKey);
    }

    private static NewIntent intent(String source, String payload) {
        return new NewIntent(new PlannedWrite(source, bytes(payload), "token of " + source), Set.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StepContext lost() {
        return new DelegatingContext() {
            @Override
            public void fence() {
                throw new StepStoppedException("another worker has the job");
            }
        };
    }

    private abstract static class DelegatingContext implements StepContext {

        @Override
        public MigrationId migrationId() {
            return SimulatedWorld.context().migrationId();
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void checkpoint() {}

        @Override
        public void progress(long done, long total, long bytesDone, long bytesTotal) {}
    }
}
