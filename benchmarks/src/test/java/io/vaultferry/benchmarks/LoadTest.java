package io.vaultferry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadTest {

    @ParameterizedTest
    @CsvSource({"5.0, 0.95, false", "0.1, 0.30, true", "2.5, , true", "1.9, , false"})
    void whatIsIdleNowDecidesAndElseTheAverage(double average, Double idle, boolean tooHigh) {
        OptionalDouble share = idle == null ? OptionalDouble.empty() : OptionalDouble.of(idle);

        assertThat(new Load(average, share, 2).isTooHigh()).isEqualTo(tooHigh);
    }
}
