package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * How far a step is; sent at most about once a second, not stored in the history.
 *
 * @param done objects finished, whatever their outcome
 * @param total objects to do
 * @param bytesDone bytes finished; 0 where bytes are not counted
 * @param bytesTotal bytes to do; 0 where bytes are not counted
 */
@JsonTypeName("step-progressed.v1")
public record StepProgressed(
        MigrationId migrationId, Step step, int attempt, long done, long total, long bytesDone, long bytesTotal)
        implements StepMessage {}
