package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** Interferes with a step that a participant is carrying out. */
public sealed interface StepControl extends StepMessage {

    /**
     * Asks the participant to stop at its next safe point and to answer {@link StepReply.StepHalted}. The step goes on
     * when its command is sent again with a higher attempt.
     */
    @JsonTypeName("halt-step.v1")
    record HaltStep(MigrationId migrationId, Step step, int attempt) implements StepControl {}
}
