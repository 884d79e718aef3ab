package io.vaultferry.attachment.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PaceStateTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final OptionalDouble NO_CAP = OptionalDouble.empty();

    @Test
    void nothingLeavesBeforeTheServerWantsToBeAskedAgain() {
        PaceState refused = PaceState.unknown(NOW).refused(0, Optional.of(Duration.ofSeconds(30)), NO_CAP, NOW);

        Turns early = refused.take(1, NO_CAP, NOW.plusSeconds(29));
        Turns due = refused.take(1, NO_CAP, NOW.plusSeconds(30));

        assertThat(early.count()).isZero();
        assertThat(early.first()).isAfter(NOW.plusSeconds(29)).isBefore(NOW.plusSeconds(30));
        assertThat(due.count()).isEqualTo(1);
        assertThat(due.first()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void requestsThatWereOnTheirWayWhenTheServerRefusedSlowDownOnlyOnce() {
        PaceState once = PaceState.unknown(NOW).refused(0, Optional.of(Duration.ofSeconds(1)), NO_CAP, NOW);

        PaceState twice = once.refused(0, Optional.of(Duration.ofSeconds(3)), NO_CAP, NOW.plusMillis(50));

        assertThat(twice.ceiling()).isEqualTo(once.ceiling());
        assertThat(twice.epoch()).isEqualTo(once.epoch());
        assertThat(twice.notBefore()).as("the longer wait counts").isEqualTo(NOW.plusMillis(3050));
    }

    @Test
    void aServerThatDoesNotSayHowLongIsAskedMoreAndMoreSeldom() {
        PaceState state = PaceState.unknown(NOW);
        Instant time = NOW;
        Duration latest = Duration.ZERO;
        for (int refusal = 0; refusal < 5; refusal++) {
            state = state.take(1, NO_CAP, time).after().refused(state.epoch(), Optional.empty(), NO_CAP, time);
            latest = Duration.between(time, state.notBefore());
            time = state.notBefore();
        }

        assertThat(latest).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void aConfiguredLimitIsKeptFromTheFirstRequestOn() {
        OptionalDouble cap = OptionalDouble.of(4);

        Turns first = PaceState.unknown(NOW).take(1, cap, NOW);
        Turns second = first.after().take(1, cap, NOW.plusMillis(200));

        assertThat(first.free()).isFalse();
        assertThat(second.first()).isEqualTo(NOW.plusMillis(250));
    }

    @Test
    void turnsAreNotGivenLongInAdvance() {
        PaceState state = PaceState.unknown(NOW).take(50, NO_CAP, NOW).after();

        assertThat(state.sent()).isLessThan(5);
    }

    @Test
    void whatWasLearnedLongAgoIsForgotten() {
        PaceState limited = PaceState.unknown(NOW).refused(0, Optional.of(Duration.ofSeconds(1)), NO_CAP, NOW);

        PaceState later = limited.take(1, NO_CAP, NOW.plusSeconds(3600)).after();

        assertThat(later.ceiling()).isEmpty();
        assertThat(later.epoch()).isGreaterThan(limited.epoch());
    }
}
