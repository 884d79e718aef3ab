package io.vaultferry.messaging;

import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;

/** Thrown by a consumer for a message that does not belong on its topic; it becomes a dead letter at once. */
public final class UnexpectedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnexpectedMessageException(Message message) {
        super("a message of type " + MessageCodec.typeIdOf(message.getClass()) + " does not belong here");
    }
}
