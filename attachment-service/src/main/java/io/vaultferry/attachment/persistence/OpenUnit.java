package io.vaultferry.attachment.persistence;

import io.vaultferry.contracts.MigrationId;
import java.util.UUID;

/**
 * A unit that a worker of this process has claimed.
 *
 * @param epoch how often the unit has been claimed; fences earlier holders
 * @param attempt the attempt of the step that it belongs to
 */
public record OpenUnit(UUID unitId, MigrationId migrationId, long epoch, int attempt) {}
