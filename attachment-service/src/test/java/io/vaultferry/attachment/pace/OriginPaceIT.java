package io.vaultferry.attachment.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.attachment.TransferProfile;
import io.vaultferry.attachment.persistence.PaceRepository;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances that ask one server. */
@QuarkusTest
@TestProfile(TransferProfile.class)
@Timeout(120)
class OriginPaceIT {

    @Inject
    PaceRepository paces;

    private final String origin = UUID.randomUUID().toString();
    private final AtomicInteger delays = new AtomicInteger();

    private record Settings(OptionalDouble mostRequests, Duration longestWait) implements PaceSettings {}

    /** Held for so many checkpoints. */
    private static final class Lease implements StepContext {

        private final AtomicInteger left;

        Lease(int checkpoints) {
            left = new AtomicInteger(checkpoints);
        }

        @Override
        public MigrationId migrationId() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void checkpoint() {
            if (left.decrementAndGet() < 0) {
                throw new StepStoppedException("the lease has ended");
            }
        }

        @Override
        public void fence() {
            checkpoint();
        }

        @Override
        public void progress(long done, long total, long bytesDone, long bytesTotal) {}
    }

    private OriginPace instance(OptionalDouble mostRequests) {
        return new OriginPace(origin, paces, new Settings(mostRequests, Duration.ofSeconds(60)));
    }

    private long await(OriginPace instance) throws InterruptedException {
        return instance.await(new Lease(Integer.MAX_VALUE), delays::incrementAndGet);
    }

    @Test
    void whatOneInstanceIsToldHoldsUpTheOther() throws Exception {
        // Given
        OriginPace one = instance(OptionalDouble.empty());
        OriginPace other = instance(OptionalDouble.empty());
        await(other);
        long epoch = await(one);

        // When
        one.refused(epoch, Optional.of(Duration.ofMinutes(5)));

        // Then
        StepFailureException refusal = catchThrowableOfType(StepFailureException.class, () -> await(other));
        assertThat(refusal.failure().code()).isEqualTo(FailureCode.RATE_LIMITED);
        assertThat(refusal.failure().retryAfter().orElseThrow()).isGreaterThan(Duration.ofMinutes(1));
        assertThat(delays).hasPositiveValue();
    }

    @Test
    void aTurnThatIsDueAfterTheServersWaitComesByItself() throws Exception {
        // Given
        OriginPace one = instance(OptionalDouble.empty());
        long before = System.nanoTime();
        one.refused(await(one), Optional.of(Duration.ofSeconds(2)));

        // When
        await(instance(OptionalDouble.empty()));

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(1950));
    }

    @Test
    void instancesTogetherKeepToOneRate() throws Exception {
        // Given
        OriginPace one = instance(OptionalDouble.of(20));
        OriginPace other = instance(OptionalDouble.of(20));
        long before = System.nanoTime();
        List<Future<?>> workers = new ArrayList<>();

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int worker = 0; worker < 6; worker++) {
                OriginPace instance = worker % 2 == 0 ? one : other;
                workers.add(threads.submit(() -> {
                    for (int request = 0; request < 10; request++) {
                        await(instance);
                    }
                    return null;
                }));
            }
        }
        for (Future<?> worker : workers) {
            worker.get();
        }

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("60 requests at 20 a second")
                .isGreaterThanOrEqualTo(Duration.ofMillis(2900));
    }

    @Test
    void aWorkerWhoseLeaseEndsStopsWaiting() throws Exception {
        // Given
        OriginPace one = instance(OptionalDouble.empty());
        one.refused(await(one), Optional.of(Duration.ofSeconds(50)));

        // Then
        assertThatThrownBy(() -> one.await(new Lease(3), delays::incrementAndGet))
                .isInstanceOf(StepStoppedException.class);
    }

    @Test
    void aServerWithoutLimitIsSoonNotWaitedForAnyMore() throws Exception {
        // Given
        OriginPace one = instance(OptionalDouble.empty());

        // When
        for (int request = 0; request < 250; request++) {
            await(one);
        }

        // Then
        assertThat(one.rate()).isInfinite();
    }
}
