package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is known about a write that has been sent, without its payload.
 *
 * @param fingerprint keyed hash of the token
 * @param presentBefore ids of the target that carried the token before the intent was recorded
 * @param targetId the id in the target, when the state is {@link IntentState#CREATED}
 * @param reason why the target refused it, when it did
 * @param unitSize how many objects the last call held
 * @param loneFailures how often it was sent alone, its outcome was unknown and it was not there afterwards
 * @param firstSentAt when it was sent for the first time
 * @param lastSentAt when it was sent for the last time
 * @param sinceLastSent the time since then, by the clock of the journal
 */
record OpenWrite(
        UUID id,
        String sourceId,
        String fingerprint,
        Set<String> presentBefore,
        IntentState state,
        Optional<String> targetId,
        Optional<ReasonCode> reason,
        int unitSize,
        int loneFailures,
        Instant firstSentAt,
        Instant lastSentAt,
        Duration sinceLastSent) {

    OpenWrite {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(fingerprint, "fingerprint");
        presentBefore = Set.copyOf(presentBefore);
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(firstSentAt, "firstSentAt");
        Objects.requireNonNull(lastSentAt, "lastSentAt");
    }

    UnsettledWrite unsettled() {
        return new UnsettledWrite(id, sourceId);
    }
}
