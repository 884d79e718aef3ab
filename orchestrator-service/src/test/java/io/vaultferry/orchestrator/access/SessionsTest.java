package io.vaultferry.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final Sessions sessions = new Sessions(Duration.ofHours(12), Duration.ofHours(1), 3, now::get);

    @Test
    void idsHave256BitsAndDiffer() {
        // When
        String first = sessions.begin();
        String second = sessions.begin();

        // Then
        assertThat(Base64.getUrlDecoder().decode(first)).hasSize(32);
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void onlyBegunSessionsAreKnown() {
        // Given
        String id = sessions.begin();

        // When / Then
        assertThat(sessions.use(id)).contains(BEGIN.plus(Duration.ofHours(12)));
        assertThat(sessions.use(id + "x")).isEmpty();
        assertThat(sessions.use("")).isEmpty();
    }

    @Test
    void sessionEndsWhenItIsEnded() {
        // Given
        String id = sessions.begin();

        // When
        sessions.end(id);

        // Then
        assertThat(sessions.use(id)).isEmpty();
    }

    @Test
    void sessionThatIsNotUsedEndsAfterItsIdleTime() {
        // Given
        String id = sessions.begin();

        // When
        now.set(BEGIN.plus(Duration.ofHours(1)));

        // Then
        assertThat(sessions.use(id)).isEmpty();
    }

    @Test
    void useKeepsASessionUpToItsLifetimeAndNoLonger() {
        // Given
        String id = sessions.begin();

        // When / Then
        for (int minutes = 30; minutes < 12 * 60; minutes += 30) {
            now.set(BEGIN.plus(Duration.ofMinutes(minutes)));
            assertThat(sessions.use(id)).as("after %d minutes", minutes).isPresent();
        }
        now.set(BEGIN.plus(Duration.ofHours(12)));
        assertThat(sessions.use(id)).isEmpty();
    }

    @Test
    void oneSessionTooManyEndsTheOneThatWasNotUsedForTheLongestTime() {
        // Given
        String oldest = begunAt(1);
        String second = begunAt(2);
        String third = begunAt(3);
        now.set(BEGIN.plusSeconds(4));
        sessions.use(oldest);

        // When
        String fourth = begunAt(5);

        // Then
        assertThat(sessions.use(second)).isEmpty();
        assertThat(sessions.use(oldest)).isPresent();
        assertThat(sessions.use(third)).isPresent();
        assertThat(sessions.use(fourth)).isPresent();
    }

    private String begunAt(int second) {
        now.set(BEGIN.plusSeconds(second));
        return sessions.begin();
    }
}
