package io.vaultferry.messaging;

import io.vaultferry.contracts.Message;
import java.util.Optional;
import java.util.UUID;

/**
 * A message with what its record says about it.
 *
 * @param messageId unique for a message, the same when Kafka delivers it again
 * @param causationId the message whose handling led to this one
 * @param traceparent W3C trace context of the sender
 */
public record ReceivedMessage(
        UUID messageId, Message message, Optional<UUID> causationId, Optional<String> traceparent) {}
