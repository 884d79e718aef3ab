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
     */
    public record StepProgress(
            Optional<Instant> startedAt,
            Optional<Instant> attemptAt,
            Optional<Instant> finishedAt,
            Optional<Instant> progressAt,
            long done,
            long total,
            long bytesDone,
            long bytesTotal) {

        /** How long the rest takes at the pace so far; empty while that cannot be told. */
        public Optional<Duration> remaining() {
            if (finishedAt.isPresent() || attemptAt.isEmpty() || progressAt.isEmpty()) {
                return Optional.empty();
            }
            boolean byBytes = bytesTotal > 0;
            long part = byBytes ? bytesDone : done;
            long whole = byBytes ? bytesTotal : total;
            if (part <= 0 || whole < part) {
                return Optional.empty();
            }
            Duration soFar = Duration.between(attemptAt.get(), progressAt.get());
            return Optional.of(Duration.ofMillis((long) (soFar.toMillis() * ((double) (whole - part) / part))));
        }
    }
}
