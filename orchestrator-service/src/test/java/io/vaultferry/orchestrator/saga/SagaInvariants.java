package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl;
import io.vaultferry.contracts.StepMessage;
import java.util.List;

/** What holds after every move. */
final class SagaInvariants {

    private SagaInvariants() {}

    static void hold(SagaState before, Decision.Move move) {
        SagaState next = move.next();
        List<Step> awaited = next.steps().entrySet().stream()
                .filter(entry -> entry.getValue().status().awaitsReply())
                .map(java.util.Map.Entry::getKey)
                .toList();
        switch (next.status()) {
            case RUNNING, COMPENSATING -> assertThat(awaited).containsExactly(next.step());
            case WAITING -> {
                if (next.waitingFor().orElseThrow() == WaitingReason.MEMBERS) {
                    assertThat(awaited).isSubsetOf(Step.CONFIRM_MEMBERS);
                } else {
                    assertThat(awaited).isEmpty();
                }
            }
            case PLANNED, PAUSED, STUCK, COMPLETED, COMPLETED_WITH_EXCEPTIONS, COMPENSATED ->
                assertThat(awaited).isEmpty();
        }
        timerFits(move, awaited);
        for (StepMessage message : move.messages()) {
            assertThat(message.migrationId()).isEqualTo(next.id());
            assertThat(message.step()).isEqualTo(next.step());
            assertThat(message.attempt()).isEqualTo(next.current().attempt());
            assertThat(message instanceof StepControl && message.step().participant() == Participant.ORCHESTRATOR)
                    .as("the orchestrator halts itself")
                    .isFalse();
        }
        assertThat(move.messages().stream().filter(StepCommand.class::isInstance))
                .hasSizeLessThanOrEqualTo(1);
        for (Step step : Step.values()) {
            assertThat(next.steps().get(step).attempt())
                    .isGreaterThanOrEqualTo(before.steps().get(step).attempt());
        }
        if (before.direction() == Direction.BACKWARD) {
            assertThat(next.direction()).isEqualTo(Direction.BACKWARD);
        }
        if (next.status() == SagaStatus.STUCK) {
            assertThat(next.failure()).isPresent();
        }
    }

    private static void timerFits(Decision.Move move, List<Step> awaited) {
        switch (move.timer()) {
            case Timer.AwaitReply timer -> assertThat(awaited).hasSize(1);
            case Timer.AwaitMembers timer -> {
                assertThat(awaited).isEmpty();
                assertThat(move.next().waitingFor()).contains(WaitingReason.MEMBERS);
            }
            case Timer.None timer -> assertThat(awaited).isEmpty();
            case Timer.Unchanged timer -> {
                assertThat(move.messages()).isEmpty();
                assertThat(awaited).hasSize(1);
            }
        }
    }
}
