package io.vaultferry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {

    private static Samples of(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }

    @Test
    void theMedianDoesNotDependOnTheOrder() {
        assertThat(of(9, 1, 5).median()).isEqualTo(5);
        assertThat(of(4, 1, 3, 2).median()).isEqualTo(2.5);
    }

    @Test
    void theLastPercentileIsTheLargest() {
        assertThat(of(3, 1, 2).percentile(100)).isEqualTo(3);
        assertThat(of(3, 1, 2).percentile(0)).isEqualTo(1);
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> of().median()).isInstanceOf(IllegalStateException.class);
    }
}
