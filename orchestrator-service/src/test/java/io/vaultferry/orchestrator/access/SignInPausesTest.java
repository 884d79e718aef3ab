package io.vaultferry.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SignInPausesTest {

    private static final String ADDRESS = "192.0.2.1";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
    private final SignInPauses pauses = new SignInPauses(now::get);

    @Test
    void everyWrongKeyDoublesThePauseUpToHalfAMinute() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30, 30}) {
            // When
            pauses.failed(ADDRESS);

            // Then
            assertThat(pauses.left(ADDRESS)).contains(Duration.ofSeconds(seconds));
            now.updateAndGet(instant -> instant.plusSeconds(seconds));
            assertThat(pauses.left(ADDRESS)).isEmpty();
        }
    }

    @Test
    void otherAddressesDoNotWait() {
        // When
        pauses.failed(ADDRESS);

        // Then
        assertThat(pauses.left("192.0.2.2")).isEmpty();
    }

    @Test
    void rightKeyMakesUpForWrongOnes() {
        // Given
        pauses.failed(ADDRESS);
        pauses.failed(ADDRESS);

        // When
        pauses.succeeded(ADDRESS);
        pauses.failed(ADDRESS);

        // Then
        assertThat(pauses.left(ADDRESS)).contains(Duration.ofSeconds(1));
    }

    @Test
    void wrongKeysAreForgottenAfterAWhile() {
        // Given
        pauses.failed(ADDRESS);
        pauses.failed(ADDRESS);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(11)));

        // When
        pauses.failed(ADDRESS);

        // Then
        assertThat(pauses.left(ADDRESS)).contains(Duration.ofSeconds(1));
    }

    @Test
    void onlyTheLatestThousandAddressesAreRemembered() {
        // When
        for (int i = 0; i <= 1_000; i++) {
            pauses.failed("address-" + i);
        }

        // Then
        assertThat(pauses.left("address-0")).isEmpty();
        assertThat(pauses.left("address-1")).isPresent();
        assertThat(pauses.left("address-1000")).isPresent();
    }
}
