package io.vaultferry.attachment.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.attachment.domain.pace.SimulatedInstances.Count;
import io.vaultferry.attachment.domain.pace.SimulatedInstances.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of a server's hidden limit is reached, and how often it refuses, in simulated time and with many seeds. */
class PaceSimulationTest {

    private static final int SEEDS = 10;
    private static final double LEAST_SHARE = 0.85;
    private static final double MOST_REFUSALS = 0.02;

    /** When a limit has been learned: some forty requests, of which a second lets no more through. */
    private static final double LEARNED = 60;

    private static final double END = 660;

    @ParameterizedTest(name = "{0}/s, burst {1}, latency {2} s, {3} instances")
    @CsvSource({
        "1, 2, 0.02, 1", "1, 2, 0.02, 4", "1, 2, 0.2, 4", "1, 10, 0.02, 1", "1, 10, 0.2, 4",
        "5, 5, 0.02, 1", "5, 5, 0.2, 1", "5, 5, 0.02, 4", "5, 5, 0.2, 4", "5, 20, 0.2, 4",
        "50, 50, 0.02, 1", "50, 50, 0.02, 4", "50, 50, 0.2, 4", "50, 100, 0.02, 2", "50, 200, 0.2, 4"
    })
    void aHiddenLimitIsReachedWithFewRefusals(double limit, double burst, double latency, int instances) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Count count = SimulatedInstances.run(
                    new Setting(time -> limit, burst, latency, instances, seed % 2 == 0, seed), LEARNED, END);

            assertThat(count.share()).as("share of the limit, seed %d", seed).isGreaterThanOrEqualTo(LEAST_SHARE);
            assertThat(count.refusals()).as("refusals, seed %d", seed).isLessThanOrEqualTo(MOST_REFUSALS);
        }
    }

    @ParameterizedTest(name = "{0}/s, then {1}/s; {2} instances; learned within {3} s")
    @CsvSource({
        "50, 5, 1, 60",
        "50, 5, 4, 60",
        "5, 50, 1, 120",
        "5, 50, 4, 120",
        "5, 1, 4, 120",
        "50, 1, 1, 120",
        "1, 5, 1, 240",
        "1, 50, 4, 240"
    })
    void aLimitThatChangesIsFoundAgain(double before, double afterwards, int instances, double within) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Setting setting = new Setting(
                    time -> time < 200 ? before : afterwards,
                    Math.max(2, Math.max(before, afterwards)),
                    0.05,
                    instances,
                    true,
                    seed);

            Count count = SimulatedInstances.run(setting, 200 + within, 200 + within + END);

            assertThat(count.share()).as("share of the limit, seed %d", seed).isGreaterThanOrEqualTo(LEAST_SHARE);
            assertThat(count.refusals()).as("refusals, seed %d", seed).isLessThanOrEqualTo(MOST_REFUSALS);
        }
    }

    @Test
    void whatIsNeverRefusedIsSoonNotHeldUpAtAll() {
        for (int instances : new int[] {1, 4}) {
            // When: workers that do nothing but wait 200 ms for each answer.
            Count count = SimulatedInstances.run(new Setting(time -> 1e6, 1e6, 0.2, instances, true, 1), 0, 30);

            // Then
            double possible = 30 * instances * 8 / 0.2;
            assertThat(count.taken() / possible).as("%d instances", instances).isGreaterThan(0.94);
        }
    }
}
