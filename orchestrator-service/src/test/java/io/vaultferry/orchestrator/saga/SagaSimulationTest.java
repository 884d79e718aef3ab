package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of migrations in virtual time over a network that loses, doubles, delays and reorders, with participants that
 * fail and an operator who interferes. A failing seed replays identically with {@code -Dsaga.seed=N}.
 */
class SagaSimulationTest {

    private static final int SEEDS = 20_000;

    @Test
    void everyMigrationEndsOrWaitsForAPerson() {
        Map<SagaStatus, Long> ends = new EnumMap<>(SagaStatus.class);
        Long one = Long.getLong("saga.seed");
        LongStream seeds = one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);

        seeds.forEach(seed -> {
            try {
                ends.merge(new SimulatedWorld(seed).run(), 1L, Long::sum);
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        });

        if (one == null) {
            // A simulation in which some end never occurs has stopped to test what it was written for.
            assertThat(ends.keySet())
                    .containsExactlyInAnyOrder(
                            SagaStatus.COMPLETED,
                            SagaStatus.COMPLETED_WITH_EXCEPTIONS,
                            SagaStatus.COMPENSATED,
                            SagaStatus.STUCK,
                            SagaStatus.PAUSED,
                            SagaStatus.WAITING);
        }
    }
}
