package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepReply.Completed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** A saga as a table of steps. A table that makes no sense cannot be built. */
public final class SagaDefinition {

    /** Builds the command of a step from the saga's data. */
    @FunctionalInterface
    public interface CommandBuilder {
        StepCommand build(MigrationId id, int attempt, SagaData data);
    }

    /**
     * One row.
     *
     * @param wanted whether the options ask for the step
     * @param undoneBy what its compensation does, for the reader; absent where there is none
     */
    public record StepDefinition(
            Step step,
            Participant participant,
            StepKind kind,
            Predicate<MigrationOptions> wanted,
            CommandBuilder command,
            Class<? extends Completed> completion,
            Optional<String> undoneBy) {

        public StepDefinition {
            Objects.requireNonNull(step, "step");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(wanted, "wanted");
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(completion, "completion");
        }
    }

    private final List<StepDefinition> rows;
    private final Map<Step, StepDefinition> byStep;
    private final StepDefinition pivot;

    private SagaDefinition(List<StepDefinition> rows) {
        this.rows = List.copyOf(rows);
        this.byStep = new EnumMap<>(Step.class);
        rows.forEach(row -> byStep.put(row.step(), row));
        this.pivot = rows.stream()
                .filter(row -> row.kind() == StepKind.PIVOT)
                .findFirst()
                .orElseThrow();
    }

    public static Builder steps() {
        return new Builder();
    }

    /** All rows in their order. */
    public List<StepDefinition> rows() {
        return rows;
    }

    public StepDefinition row(Step step) {
        return byStep.get(step);
    }

    public StepDefinition first() {
        return rows.getFirst();
    }

    public StepDefinition last() {
        return rows.getLast();
    }

    /** The rows after a step, in their order. */
    public List<StepDefinition> after(Step step) {
        return rows.subList(rows.indexOf(row(step)) + 1, rows.size());
    }

    /** The pivot and everything after it. */
    public List<StepDefinition> fromPivotOn() {
        return rows.subList(rows.indexOf(pivot), rows.size());
    }

    /** The steps with a compensation, last step first. */
    public List<StepDefinition> compensatableInReverse() {
        return rows.reversed().stream()
                .filter(row -> row.kind() == StepKind.COMPENSATABLE)
                .toList();
    }

    /** Collects the rows and refuses nonsense. */
    public static final class Builder {

        private final List<StepDefinition> rows = new ArrayList<>();

        private Builder() {}

        /** A step that cannot be left out. */
        public Builder step(
                Step step,
                Participant asks,
                StepKind kind,
                CommandBuilder with,
                Class<? extends Completed> until,
                String undoneBy) {
            return step(step, asks, kind, options -> true, with, until, undoneBy);
        }

        /** A step that options can leave out. */
        public Builder step(
                Step step,
                Participant asks,
                StepKind kind,
                Predicate<MigrationOptions> wanted,
                CommandBuilder with,
                Class<? extends Completed> until,
                String undoneBy) {
            rows.add(new StepDefinition(step, asks, kind, wanted, with, until, Optional.ofNullable(undoneBy)));
            return this;
        }

        /**
         * @throws IllegalStateException when the table makes no sense; the text says why
         */
        public SagaDefinition build() {
            require(
                    rows.stream().map(StepDefinition::step).distinct().count() == rows.size(),
                    "a step is in the table twice");
            require(
                    rows.stream().map(StepDefinition::step).toList().equals(List.of(Step.values())),
                    "a step is missing or out of order");
            require(
                    rows.stream().map(StepDefinition::completion).distinct().count() == rows.size(),
                    "two steps wait for the same completion event");
            List<StepDefinition> pivots =
                    rows.stream().filter(row -> row.kind() == StepKind.PIVOT).toList();
            require(pivots.size() == 1, "there is not exactly one pivot");
            int pivot = rows.indexOf(pivots.getFirst());
            for (StepDefinition row : rows) {
                boolean afterPivot = rows.indexOf(row) > pivot;
                require(row.participant() == row.step().participant(), row.step() + " asks the wrong participant");
                require(
                        row.undoneBy().isPresent() == (row.kind() == StepKind.COMPENSATABLE),
                        row.step() + ": exactly the compensatable steps have a compensation");
                switch (row.kind()) {
                    case READ_ONLY, COMPENSATABLE ->
                        require(!afterPivot, row.step() + " comes too late: " + row.kind());
                    case RETRIABLE -> require(afterPivot, row.step() + " is retriable before the pivot");
                    case PIVOT -> {}
                }
            }
            return new SagaDefinition(rows);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException(otherwise);
            }
        }
    }
}
