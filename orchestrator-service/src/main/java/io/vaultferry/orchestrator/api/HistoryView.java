package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.persistence.HistoryRepository.Recorded;
import io.vaultferry.orchestrator.saga.SagaStatus;
import io.vaultferry.orchestrator.saga.WaitingReason;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One transition.
 *
 * @param input what came in: a message's type id, {@code operator:pause}, {@code deadline-passed}, ...
 * @param note numbers or a reason; empty when there is nothing to add
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "HistoryEntry")
record HistoryView(
        long sequence,
        Instant at,
        SagaStatus from,
        @Schema(examples = "vault-exported.v1") String input,
        SagaStatus to,
        WaitingReason waitingFor,
        Step step,
        int attempt,
        String note) {

    static HistoryView of(Recorded recorded) {
        return new HistoryView(
                recorded.sequence(),
                recorded.at(),
                recorded.entry().from(),
                recorded.entry().input(),
                recorded.entry().to(),
                recorded.entry().waitingFor().orElse(null),
                recorded.entry().step(),
                recorded.entry().attempt(),
                recorded.entry().note());
    }
}
