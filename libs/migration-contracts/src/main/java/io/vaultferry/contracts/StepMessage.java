package io.vaultferry.contracts;

/** A message about one attempt of one step. */
public sealed interface StepMessage extends Message permits StepCommand, StepControl, StepReply, StepProgressed {

    /** The step. */
    Step step();

    /** Which attempt of the step: 1 for the first; the orchestrator counts up when it asks for the step again. */
    int attempt();
}
