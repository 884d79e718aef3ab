package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;
import java.util.Optional;

/**
 * What became of a write.
 *
 * @param targetId of the created object; present exactly when state is {@link IntentState#CREATED}, or
 *     {@link IntentState#REMOVED}
 * @param reason why it was refused; present exactly when state is {@link IntentState#REFUSED}
 */
public record WriteOutcome(
        String sourceId, IntentState state, Optional<String> targetId, Optional<ReasonCode> reason) {}
