package io.vaultferry.orchestrator.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MIB = 1024 * 1024;

    @Test
    void aLargeFileTakesWhatItsBytesTake() {
        assertThat(new Pace(0, 10 * MIB).remaining(1, 99 * MIB)).hasValue(Duration.ofSeconds(10));
    }

    @Test
    void smallFilesTakeLongerThanTheirBytesSay() {
        // 99 files of 1 KiB each, done within 10 seconds, are no sign that a file of 100 MiB takes hours.
        Pace pace = new Pace(9.9, 9.9 * 1024);

        assertThat(pace.remaining(1, 100 * MIB).orElseThrow())
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        assertThat(pace.remaining(99, 99 * 1024).orElseThrow()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theRestTakesWhatItsObjectsTakeWhereBytesAreNotCounted() {
        assertThat(new Pace(2, 0).remaining(10, 0)).hasValue(Duration.ofSeconds(5));
    }

    @Test
    void nobodyKnowsTheEndWhenNothingMoves() {
        assertThat(Pace.NONE.remaining(10, 25)).isEmpty();
        assertThat(Pace.NONE.remaining(10, 0)).isEmpty();
    }

    @Test
    void nothingTakesNoTime() {
        assertThat(Pace.NONE.remaining(0, 0)).hasValue(Duration.ZERO);
    }
}
