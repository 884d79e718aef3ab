package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.Step;
import java.util.Optional;

/**
 * One line of a migration's history, which is append-only.
 *
 * @param input label of what came in
 * @param step the step that the input was about
 * @param note a sentence for the operator, free of names and secrets
 */
public record HistoryEntry(
        SagaStatus from,
        String input,
        SagaStatus to,
        Optional<WaitingReason> waitingFor,
        Step step,
        int attempt,
        String note) {}
