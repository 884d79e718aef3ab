package io.vaultferry.attachment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.TransferProfile;
import io.vaultferry.attachment.domain.FileOutcome;
import io.vaultferry.attachment.persistence.OpenUnit;
import io.vaultferry.attachment.persistence.SealedFile;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.attachment.persistence.TransferState;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.messaging.database.Database;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Units, claims and leases in a real database, by its clock. */
@QuarkusTest
@TestProfile(TransferProfile.class)
class UnitsIT {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SHORT_LEASE = Duration.ofMillis(300);
    private static final FileOutcome MOVED = new FileOutcome(Outcome.MOVED, Optional.of("there"), Optional.empty());

    @Inject
    TransferRepository transfers;

    @Inject
    TransferSettings settings;

    @Inject
    Database database;

    private final MigrationId migration = MigrationId.make();
    private final UUID unit = UUID.randomUUID();

    @BeforeEach
    void insert() {
        transfers.activate(migration, 1);
        transfers.insertUnit(migration, unit, 2, 30);
        transfers.insertFile(migration, unit, 0, new SealedFile("one", new byte[] {1}), 10);
        transfers.insertFile(migration, unit, 1, new SealedFile("two", new byte[] {2}), 20);
    }

    private OpenUnit claim(Duration lease) {
        return transfers.claim(unit, lease).orElseThrow();
    }

    /** Waits until a lease has run out by the database's clock. */
    private OpenUnit takeOver() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> transfers.claim(unit, LEASE), Optional::isPresent)
                .orElseThrow();
    }

    private List<TransferUnit> toPublish() {
        return database.inTransaction(() -> transfers.takeUnitsToPublish(migration));
    }

    @Nested
    class Claiming {

        @Test
        void oneOfManyWorkersGetsTheUnit() throws Exception {
            List<Future<Optional<OpenUnit>>> claims = new ArrayList<>();
            try (ExecutorService workers = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 8; i++) {
                    claims.add(workers.submit(() -> transfers.claim(unit, LEASE)));
                }
            }

            List<OpenUnit> claimed = new ArrayList<>();
            for (Future<Optional<OpenUnit>> claim : claims) {
                claim.get().ifPresent(claimed::add);
            }
            assertThat(claimed).containsExactly(new OpenUnit(unit, migration, 1, 1));
        }

        @Test
        void aUnitOfAHaltedTransferIsNobodys() {
            transfers.deactivate(migration, 1);

            assertThat(transfers.claim(unit, LEASE)).isEmpty();
        }

        @Test
        void aHaltOfAnEarlierAttemptStopsNobody() {
            transfers.activate(migration, 2);
            transfers.deactivate(migration, 1);

            assertThat(claim(LEASE).attempt()).isEqualTo(2);
            assertThat(transfers.activate(migration, 1)).isFalse();
        }

        @Test
        void aFinishedUnitIsNobodys() {
            transfers.finishUnit(claim(LEASE));

            assertThat(transfers.claim(unit, LEASE)).isEmpty();
            assertThat(transfers.claim(UUID.randomUUID(), LEASE)).isEmpty();
        }

        @Test
        void aUnitThatHasToWaitIsNobodysUntilItIsDue() {
            OpenUnit claimed = claim(LEASE);
            transfers.postpone(claimed, FailureCode.RATE_LIMITED, "wait", Duration.ofMinutes(1));
            assertThat(transfers.claim(unit, LEASE)).isEmpty();

            database.update(
                    "update transfer_unit set retry_at = clock_timestamp() - interval '1 second' where unit_id = ?",
                    unit);
            assertThat(transfers.claim(unit, LEASE)).isPresent();
        }
    }

    @Nested
    class AfterATakeover {

        @Test
        void whoComesLateChangesNothing() {
            // Given
            OpenUnit first = claim(SHORT_LEASE);
            OpenUnit holder = takeOver();

            // When
            boolean finished = transfers.finishFile(first, "one", MOVED);
            boolean renewed = transfers.renew(first, LEASE);
            transfers.finishUnit(first);
            transfers.postpone(first, FailureCode.SERVER_ERROR, "late", Duration.ZERO);
            transfers.release(first);

            // Then
            assertThat(holder.epoch()).isEqualTo(first.epoch() + 1);
            assertThat(finished).isFalse();
            assertThat(renewed).isFalse();
            assertThat(transfers.renew(holder, LEASE)).isTrue();
            assertThat(transfers.openFiles(holder))
                    .extracting(SealedFile::sourceAttachment)
                    .containsExactly("one", "two");
            assertThat(transfers.finishFile(holder, "one", MOVED)).isTrue();
            assertThat(transfers.tries(holder)).isZero();
            assertThat(transfers.claim(unit, LEASE)).isEmpty();
        }

        @Test
        void theFenceHoldsTheUnitForItsHolderOnly() {
            // Given
            OpenUnit first = claim(SHORT_LEASE);
            OpenUnit holder = takeOver();

            // When
            UnitLease lost = new UnitLease(first, transfers, settings, System.nanoTime());

            // Then
            assertThatThrownBy(() -> database.inTransaction(lost::fence)).isInstanceOf(StepStoppedException.class);
            assertThatThrownBy(lost::checkpoint).isInstanceOf(StepStoppedException.class);
            UnitLease held = new UnitLease(holder, transfers, settings, System.nanoTime());
            database.inTransaction(held::fence);
            held.checkpoint();
        }
    }

    @Nested
    class TheDeadline {

        @Test
        void aProcessThatWasFrozenKnowsThatItsLeaseMayHaveEnded() {
            // Given: claimed in good time, and frozen until the margin before the lease's end.
            OpenUnit claimed = claim(settings.lease());
            long asked = System.nanoTime()
                    - settings.lease().minus(settings.margin()).toNanos();

            // When
            UnitLease lease = new UnitLease(claimed, transfers, settings, asked);

            // Then
            assertThatThrownBy(lease::checkpoint).isInstanceOf(StepStoppedException.class);
        }

        @Test
        void isPutOffByARenewal() {
            // Given
            OpenUnit claimed = claim(settings.lease());
            UnitLease lease = new UnitLease(
                    claimed,
                    transfers,
                    settings,
                    System.nanoTime() - settings.lease().toNanos());

            // When
            lease.renew();

            // Then
            lease.checkpoint();
        }

        @Test
        void endsAtOnceWhenTheStepIsHalted() {
            // Given
            UnitLease lease = new UnitLease(claim(settings.lease()), transfers, settings, System.nanoTime());
            transfers.deactivateAll(migration);

            // When
            lease.renew();

            // Then
            assertThatThrownBy(lease::checkpoint).isInstanceOf(StepStoppedException.class);
        }
    }

    @Nested
    class Announcing {

        private static final long SIZE = 123_456_789;

        @Test
        void aUnitIsAnnouncedOnce() {
            assertThat(toPublish()).containsExactly(new TransferUnit(migration, unit, 2, 30));
            assertThat(toPublish()).isEmpty();
        }

        @Test
        void aUnitThatIsWorkedOnIsNotAnnounced() {
            claim(LEASE);

            assertThat(toPublish()).isEmpty();
        }

        @Test
        void aUnitWhoseWorkerVanishedIsAnnouncedAsSoonAsItsLeaseHasRunOut() {
            toPublish();
            claim(SHORT_LEASE);

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !toPublish().isEmpty());
            assertThat(toPublish()).as("and only once").isEmpty();
        }

        @Test
        void aUnitThatNobodyHasBegunIsNotAnnouncedAgainHoweverLongItWaits() {
            toPublish();
            publishedLongAgo();

            assertThat(toPublish()).isEmpty();
        }

        @Test
        void aUnitThatNobodyHasBegunIsTakenByWhoIsIdleThoughNobodyHearsOfIt() {
            // No unit of another test has this size.
            database.update("update transfer_unit set bytes = ? where unit_id = ?", SIZE, unit);
            assertThat(claimAny()).as("not announced yet").isEmpty();
            toPublish();
            assertThat(claimAny()).as("announced just now").isEmpty();
            publishedLongAgo();

            assertThat(claimAny()).map(OpenUnit::unitId).hasValue(unit);
            assertThat(claimAny()).as("somebody works on it").isEmpty();
        }

        private Optional<OpenUnit> claimAny() {
            return transfers.claimAny(SIZE, SIZE + 1, Duration.ofMinutes(1), LEASE);
        }

        private void publishedLongAgo() {
            database.update(
                    "update transfer_unit set published_at = published_at - interval '6 hours' where unit_id = ?",
                    unit);
        }

        @Test
        void aUnitThatFailedIsAnnouncedWhenItsPauseIsOver() {
            toPublish();
            transfers.postpone(claim(LEASE), FailureCode.SERVER_ERROR, "failed", Duration.ofMillis(200));
            assertThat(toPublish()).isEmpty();

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !toPublish().isEmpty());
        }

        @Test
        void aUnitThatIsGivenBackIsAnnouncedAtOnce() {
            toPublish();
            transfers.release(claim(LEASE));

            assertThat(toPublish()).hasSize(1);
        }
    }

    @Nested
    class TheState {

        @Test
        void countsFilesOfFinishedAndOfBegunUnits() {
            // Given
            UUID other = UUID.randomUUID();
            transfers.insertUnit(migration, other, 1, 500);
            transfers.insertFile(migration, other, 0, new SealedFile("three", new byte[] {3}), 500);
            OpenUnit claimed = claim(LEASE);
            transfers.finishFile(claimed, "one", MOVED);

            // When
            TransferState begun = transfers.state(migration);
            transfers.finishFile(claimed, "two", MOVED);
            transfers.finishUnit(claimed);
            TransferState halfDone = transfers.state(migration);

            // Then
            assertThat(begun).isEqualTo(new TransferState(2, 1, 3, 10, 530, 0, null, null));
            assertThat(halfDone).isEqualTo(new TransferState(1, 2, 3, 30, 530, 0, null, null));
        }

        @Test
        void countsBytesOfAFileThatIsBeingMovedUntilItsLeaseHasRunOut() {
            // Given
            UnitLease lease = new UnitLease(claim(LEASE), transfers, settings, System.nanoTime());

            // When
            lease.begin("two");
            lease.progress(0, 1, 15, 20);
            lease.report();

            // Then
            assertThat(transfers.state(migration).bytesDone()).isEqualTo(15);

            // When: its worker is gone.
            database.update("update transfer_unit set lease_until = clock_timestamp() where unit_id = ?", unit);

            // Then
            assertThat(transfers.state(migration).bytesDone()).isZero();

            // When
            OpenUnit holder = takeOver();
            lease.progress(0, 1, 18, 20);
            lease.report();

            // Then
            assertThat(transfers.state(migration).bytesDone())
                    .as("what a late worker says counts no more")
                    .isZero();

            // When
            transfers.noteUnderWay(holder, "two", 15);
            transfers.finishFile(holder, "two", MOVED);

            // Then
            assertThat(transfers.state(migration).bytesDone())
                    .as("a finished file counts once")
                    .isEqualTo(20);
        }

        @Test
        void countsFailuresInARow() {
            // Given
            transfers.postpone(claim(LEASE), FailureCode.SERVER_ERROR, "failed", Duration.ZERO);
            OpenUnit claimed = takeOver();
            assertThat(transfers.tries(claimed)).isEqualTo(1);

            // When
            transfers.finishFile(claimed, "one", MOVED);

            // Then
            assertThat(transfers.tries(claimed)).isZero();
        }

        @Test
        void namesTheUnitThatFailsMost() {
            transfers.postpone(claim(LEASE), FailureCode.SERVER_UNREACHABLE, "gone", Duration.ZERO);

            TransferState state = transfers.state(migration);

            assertThat(state.mostTries()).isEqualTo(1);
            assertThat(state.failure()).isEqualTo("SERVER_UNREACHABLE");
            assertThat(state.failureDetail()).isEqualTo("gone");
        }
    }
}
