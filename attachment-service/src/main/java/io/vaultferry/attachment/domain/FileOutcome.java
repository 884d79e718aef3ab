package io.vaultferry.attachment.domain;

import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Optional;

/**
 * What became of a file.
 *
 * @param targetAttachment its id in the target when it was moved
 * @param reason why it was not
 */
public record FileOutcome(Outcome outcome, Optional<String> targetAttachment, Optional<ReasonCode> reason) {

    static FileOutcome moved(String targetAttachment) {
        return new FileOutcome(Outcome.MOVED, Optional.of(targetAttachment), Optional.empty());
    }

    static FileOutcome skipped(ReasonCode reason) {
        return new FileOutcome(Outcome.SKIPPED, Optional.empty(), Optional.of(reason));
    }

    static FileOutcome quarantined(ReasonCode reason) {
        return new FileOutcome(Outcome.QUARANTINED, Optional.empty(), Optional.of(reason));
    }
}
