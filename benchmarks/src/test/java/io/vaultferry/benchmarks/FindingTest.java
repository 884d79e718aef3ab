package io.vaultferry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FindingTest {

    private static Finding finding(double ours, double peers, Goal goal) {
        return new Finding("moving", new Figure(ours, "s"), "the peer", new Figure(peers, "s"), goal);
    }

    @Test
    void aRatioAtItsBoundMeetsTheGoal() {
        assertThat(finding(3, 2, Goal.atMost(1.5)).verdict()).isEqualTo("met");
        assertThat(finding(3, 2, Goal.atLeast(1.5)).verdict()).isEqualTo("met");
    }

    @Test
    void aMissedGoalSaysByHowMuch() {
        assertThat(finding(3, 1, Goal.atMost(2)).verdict()).isEqualTo("missed by 50 %");
        assertThat(finding(1, 1, Goal.atLeast(4)).verdict()).isEqualTo("missed by 75 %");
    }

    @Test
    void aGoalThatIsHardlyMissedIsStillMissed() {
        assertThat(finding(2.0001, 1, Goal.atMost(2)).verdict()).isEqualTo("missed by 1 %");
    }

    @Test
    void nothingMeetsAGoalWithoutAPeer() {
        assertThat(finding(3, 0, Goal.atMost(2)).verdict()).isEqualTo("missed");
        assertThat(finding(0, 0, Goal.atLeast(2)).verdict()).isEqualTo("missed");
    }

    @Test
    void withoutAGoalThereIsNoVerdict() {
        assertThat(finding(3, 1, Goal.NONE).verdict()).isEmpty();
    }

    @Test
    void differentUnitsAreNotDivided() {
        assertThatThrownBy(() -> new Finding("moving", new Figure(1, "s"), "the peer", new Figure(1, "ms"), Goal.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresHaveThreeSignificantDigits() {
        assertThat(new Figure(1234.4, "items/s")).hasToString("1,234 items/s");
        assertThat(new Figure(12.345, "s")).hasToString("12.3 s");
        assertThat(new Figure(1.2345, "s")).hasToString("1.23 s");
        assertThat(new Figure(0.01234, "s")).hasToString("0.012 s");
        assertThat(new Figure(0, "calls")).hasToString("0 calls");
    }
}
