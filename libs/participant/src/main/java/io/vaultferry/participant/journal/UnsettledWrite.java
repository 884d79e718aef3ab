package io.vaultferry.participant.journal;

import java.util.UUID;

/**
 * A write that has to be looked for in the target.
 *
 * @param id the intent's
 * @param sourceId the source object's
 */
public record UnsettledWrite(UUID id, String sourceId) {}
