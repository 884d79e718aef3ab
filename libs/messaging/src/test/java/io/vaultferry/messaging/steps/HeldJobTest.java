package io.vaultferry.messaging.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.messaging.StepStoppedException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeldJobTest {

    private static final Duration SAFE = Duration.ofSeconds(10);
    private final MigrationId migration = MigrationId.make();

    @Test
    void goesOnWhileTheLeaseIsSafe() {
        HeldJob job = heldSince(System.nanoTime());

        assertThatCode(job::checkpoint).doesNotThrowAnyException();
    }

    @Test
    void stopsBeforeALeaseThatWasNotRenewedEnds() {
        // Given: renewed so long ago that the safe time has just passed
        HeldJob job = heldSince(System.nanoTime() - SAFE.toNanos());

        assertThatThrownBy(job::checkpoint).isInstanceOf(StepStoppedException.class);
    }

    @Test
    void goesOnAfterALateRenewal() {
        // Given
        HeldJob job = heldSince(System.nanoTime() - SAFE.toNanos());

        // When
        job.renewed(System.nanoTime(), SAFE);

        // Then
        assertThatCode(job::checkpoint).doesNotThrowAnyException();
    }

    @Test
    void renewalCountsFromWhenItWasAskedFor() {
        // Given
        HeldJob job = heldSince(System.nanoTime());

        // When: the database answered late
        job.renewed(System.nanoTime() - SAFE.toNanos(), SAFE);

        // Then
        assertThatThrownBy(job::checkpoint).isInstanceOf(StepStoppedException.class);
    }

    @Test
    void staysStoppedThoughTheLeaseIsRenewed() {
        // Given
        HeldJob job = heldSince(System.nanoTime());
        job.stop("asked to stop");

        // When
        job.renewed(System.nanoTime(), SAFE);

        // Then
        assertThatThrownBy(job::checkpoint).hasMessage("asked to stop");
    }

    @Test
    void keepsOnlyTheLatestProgressAndHandsItOutOnce() {
        // Given
        HeldJob job = heldSince(System.nanoTime());
        job.progress(1, 10, 0, 0);
        job.progress(2, 10, 0, 0);

        // When
        Optional<StepProgressed> first = job.takeProgress();
        Optional<StepProgressed> second = job.takeProgress();

        // Then
        assertThat(first).contains(new StepProgressed(migration, Step.IMPORT_ITEMS, 1, 2, 10, 0, 0));
        assertThat(second).isEmpty();
    }

    @Test
    void reportingTheSameCountAgainIsNoProgress() {
        // Given
        HeldJob job = heldSince(System.nanoTime());

        // When
        job.progress(5, 10, 0, 0);
        job.progress(5, 10, 0, 0);

        // Then
        assertThat(job.progressed()).isFalse();
    }

    private HeldJob heldSince(long nanoTime) {
        StepJob job = new StepJob(
                new JobKey(migration, Step.IMPORT_ITEMS, false),
                1,
                JobState.RUNNING,
                "{}",
                UUID.randomUUID(),
                Optional.empty(),
                Optional.empty(),
                1,
                0,
                0);
        return new HeldJob(job, null, nanoTime, SAFE);
    }
}
