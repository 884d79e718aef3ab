package io.vaultferry.messaging.outbox;

/** Names of the Kafka record headers that every message carries. */
public final class MessageHeaders {

    /** A UUID, unique for a message and the same when the message is sent or delivered again. */
    public static final String MESSAGE_ID = "message-id";

    /** The logical, versioned type id, as in the body. */
    public static final String MESSAGE_TYPE = "message-type";

    /** The message whose handling led to this one; absent where nothing did. */
    public static final String CAUSATION_ID = "causation-id";

    /** W3C trace context; absent where nobody traces. */
    public static final String TRACEPARENT = "traceparent";

    private MessageHeaders() {}
}
