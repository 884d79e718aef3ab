package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.UUID;

/**
 * A piece of attachment work: one large file or a batch of small ones. What it consists of is in attachment-service's
 * database.
 *
 * @param files number of files
 * @param bytes their encrypted length together
 */
@JsonTypeName("transfer-unit.v1")
public record TransferUnit(MigrationId migrationId, UUID unitId, int files, long bytes) implements Message {}
