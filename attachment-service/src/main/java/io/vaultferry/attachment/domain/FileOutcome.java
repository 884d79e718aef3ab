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

    /** Skipped where a limit of the target is to blame, which the plan says beforehand; else quarantined. */
    static FileOutcome notMoved(ReasonCode reason) {
        Outcome outcome = reason == ReasonCode.FILE_TOO_LARGE ? Outcome.SKIPPED : Outcome.QUARANTINED;
        return new FileOutcome(outcome, Optional.empty(), Optional.of(reason));
    }
}
