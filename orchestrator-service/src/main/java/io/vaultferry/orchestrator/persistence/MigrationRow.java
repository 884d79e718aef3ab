package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.saga.SagaState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A migration as it is stored.
 *
 * @param version counts the changes of the saga
 * @param steps how far each step is; every step is there
 * @param timer what wakes the saga next
 */
public record MigrationRow(
        SagaState saga,
        long version,
        Party source,
        Party target,
        Instant createdAt,
        Optional<Instant> finishedAt,
        Map<Step, StepProgress> steps,
        Optional<StoredTimer> timer) {

    /**
     * @param server kind and version when the migration was accepted
     */
    public record Party(ConnectionId connection, Optional<String> organizationId, String server) {}

    /**
     * @param startedAt when the first attempt was sent
     * @param attemptAt when the last attempt was sent
     * @param progressAt when the participant last said how far it is
     * @param pace of a step that is being carried out; empty until its participant has said how far it is
     */
    public record StepProgress(
            Optional<Instant> startedAt,
            Optional<Instant> attemptAt,
            Optional<Instant> finishedAt,
            Optional<Instant> progressAt,
            long done,
            long total,
            long bytesDone,
            long bytesTotal,
            Optional<Pace> pace) {

        /** How long the rest takes at the present pace; empty while that cannot be told. */
        public Optional<Duration> remaining() {
            return pace.flatMap(now -> now.remaining(total - done, bytesTotal - bytesDone))
                    .filter(rest -> total > 0 && finishedAt.isEmpty());
        }
    }
}
