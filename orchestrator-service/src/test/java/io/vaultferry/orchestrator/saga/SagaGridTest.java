package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every situation against every kind of input. What is decided is pinned as a table in {@code docs/saga.md}; here it is
 * checked that every answer keeps the saga's promises and that no row of the table of transitions is dead.
 */
class SagaGridTest {

    private static final Set<Transition> TAKEN = EnumSet.noneOf(Transition.class);

    static Stream<Arguments> grid() {
        return Arrays.stream(Situation.values())
                .flatMap(situation -> Arrays.stream(Event.values()).map(event -> Arguments.of(situation, event)));
    }

    @ParameterizedTest
    @MethodSource("grid")
    void everyInputHasAnAnswerInEverySituation(Situation situation, Event event) {
        // Given
        SagaState state = situation.state();
        SagaInput input = event.in(situation);

        // When
        Decision decision = SagaScript.ENGINE.decide(state, input);

        // Then
        switch (decision) {
            case Decision.Move move -> {
                TAKEN.add(move.transition());
                assertThat(move.transition().from()).isEqualTo(state.status());
                SagaInvariants.hold(state, move);
                if (input instanceof SagaInput.OperatorActed acted) {
                    assertThat(SagaScript.ENGINE.allowedActions(state)).contains(acted.action());
                }
            }
            case Decision.Refused refused -> {
                assertThat(input).isEqualTo(new SagaInput.OperatorActed(refused.action()));
                assertThat(refused.allowed())
                        .isEqualTo(SagaScript.ENGINE.allowedActions(state))
                        .doesNotContain(refused.action());
            }
            case Decision.Ignored ignored -> assertThat(input).isNotInstanceOf(SagaInput.OperatorActed.class);
        }
        assertThat(SagaScript.ENGINE.decide(state, input))
                .as("the same question again")
                .isEqualTo(decision);
    }

    @Test
    void everyStatusHasASituation() {
        assertThat(Arrays.stream(Situation.values())
                        .map(situation -> situation.state().status())
                        .distinct())
                .containsExactlyInAnyOrder(SagaStatus.values());
    }

    @Test
    void everyActionThatAStatusNamesIsAllowedInSomeSituationOfIt() {
        for (SagaStatus status : SagaStatus.values()) {
            assertThat(Arrays.stream(Situation.values())
                            .filter(situation -> situation.state().status() == status)
                            .flatMap(situation -> SagaScript.ENGINE.allowedActions(situation.state()).stream())
                            .distinct())
                    .as(status.name())
                    .containsExactlyInAnyOrderElementsOf(status.actions());
        }
    }

    @AfterAll
    static void everyTransitionWasTaken() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(TAKEN)))
                .as("rows of the table that no situation takes")
                .isEmpty();
    }
}
