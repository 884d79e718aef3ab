package io.vaultferry.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong clock = new AtomicLong(-5);

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private RateLimit limit(int perSecond) {
        return new RateLimit(perSecond, clock::get);
    }

    private static int admitted(RateLimit limit, int calls) {
        int admitted = 0;
        for (int call = 0; call < calls; call++) {
            admitted += limit.admit().isEmpty() ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void oneSecondsCallsPassAtOnceAndNoMore() {
        assertThat(admitted(limit(5), 20)).isEqualTo(5);
    }

    @Test
    void tokensComeBackEvenlyAndNeverMoreThanOneSecondsWorth() {
        // Given
        RateLimit limit = limit(5);
        admitted(limit, 5);

        // When
        pass(Duration.ofMillis(400));
        int afterAWhile = admitted(limit, 20);
        pass(Duration.ofHours(1));
        int afterLong = admitted(limit, 20);

        // Then
        assertThat(afterAWhile).isEqualTo(2);
        assertThat(afterLong).isEqualTo(5);
    }

    @Test
    void aCallThatIsRefusedCostsNothingAndIsToldToWaitAtLeastASecond() {
        // Given
        RateLimit limit = limit(1);
        admitted(limit, 1);

        // When
        admitted(limit, 50);
        pass(Duration.ofSeconds(1));

        // Then
        assertThat(limit.admit()).isEmpty();
        assertThat(limit.admit()).hasValue(1);
    }

    @Test
    void whatWasAllowedAndRefusedIsCountedFromTheLatestChange() {
        // Given
        RateLimit limit = limit(5);
        admitted(limit, 7);

        // When
        limit.set(2);
        admitted(limit, 3);

        // Then
        assertThat(limit.allowed()).isEqualTo(2);
        assertThat(limit.refused()).isEqualTo(1);
    }

    @Test
    void withoutALimitEverythingPasses() {
        assertThat(admitted(limit(0), 10_000)).isEqualTo(10_000);
    }
}
