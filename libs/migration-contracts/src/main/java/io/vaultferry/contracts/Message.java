package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Anything that travels through Kafka. The member {@code type} holds the logical, versioned type id (for example
 * {@code vault-exported.v1}); a reader refuses a type id that it does not know and ignores members that it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Message permits StepMessage, TransferUnit {

    /** The migration that the message belongs to. */
    MigrationId migrationId();
}
