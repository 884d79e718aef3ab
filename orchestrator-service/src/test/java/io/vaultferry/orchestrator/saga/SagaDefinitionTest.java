package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.saga.SagaDefinition.StepDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SagaDefinitionTest {

    private final List<StepDefinition> rows = new ArrayList<>(OrganizationMigration.TABLE.rows());

    @Test
    void stepInTheTableTwiceIsRefused() {
        rows.set(3, rows.get(2));
        refused("twice");
    }

    @Test
    void missingStepIsRefused() {
        rows.removeLast();
        refused("missing or out of order");
    }

    @Test
    void stepsOutOfOrderAreRefused() {
        Collections.swap(rows, 4, 5);
        refused("missing or out of order");
    }

    @Test
    void twoStepsWithTheSameCompletionEventAreRefused() {
        StepDefinition row = rows.get(3);
        rows.set(
                3,
                new StepDefinition(
                        row.step(),
                        row.participant(),
                        row.kind(),
                        row.wanted(),
                        row.command(),
                        rows.get(2).completion(),
                        row.undoneBy()));
        refused("same completion event");
    }

    @Test
    void tableWithoutPivotIsRefused() {
        change(Step.INVITE_MEMBERS, StepKind.RETRIABLE, null);
        refused("not exactly one pivot");
    }

    @Test
    void secondPivotIsRefused() {
        change(Step.VERIFY, StepKind.PIVOT, null);
        refused("not exactly one pivot");
    }

    @Test
    void compensatableStepWithoutCompensationIsRefused() {
        change(Step.IMPORT_ITEMS, StepKind.COMPENSATABLE, null);
        refused("IMPORT_ITEMS: exactly the compensatable steps have a compensation");
    }

    @Test
    void compensationOfAStepThatIsNotCompensatableIsRefused() {
        change(Step.INSPECT_SOURCE, StepKind.READ_ONLY, "nothing");
        refused("INSPECT_SOURCE: exactly the compensatable steps have a compensation");
    }

    @Test
    void compensatableStepAfterThePivotIsRefused() {
        change(Step.APPLY_POLICIES, StepKind.COMPENSATABLE, "unset them");
        refused("APPLY_POLICIES comes too late");
    }

    @Test
    void retriableStepBeforeThePivotIsRefused() {
        change(Step.EXPORT_VAULT, StepKind.RETRIABLE, null);
        refused("EXPORT_VAULT is retriable before the pivot");
    }

    @Test
    void wrongParticipantIsRefused() {
        StepDefinition row = rows.getFirst();
        rows.set(
                0,
                new StepDefinition(
                        row.step(),
                        Participant.IDENTITY,
                        row.kind(),
                        row.wanted(),
                        row.command(),
                        row.completion(),
                        row.undoneBy()));
        refused("INSPECT_SOURCE asks the wrong participant");
    }

    private void change(Step step, StepKind kind, String undoneBy) {
        rows.replaceAll(row -> row.step() != step
                ? row
                : new StepDefinition(
                        step,
                        row.participant(),
                        kind,
                        row.wanted(),
                        row.command(),
                        row.completion(),
                        Optional.ofNullable(undoneBy)));
    }

    private void refused(String because) {
        SagaDefinition.Builder builder = SagaDefinition.steps();
        rows.forEach(row -> builder.step(
                row.step(),
                row.participant(),
                row.kind(),
                row.wanted(),
                row.command(),
                row.completion(),
                row.undoneBy().orElse(null)));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(because);
    }
}
