package io.vaultferry.messaging.outbox;

import java.util.Optional;
import java.util.UUID;

/**
 * The message whose handling is going on; what is sent meanwhile names it as its cause.
 *
 * @param messageId the message
 * @param traceparent W3C trace context that it came with
 */
public record Causation(UUID messageId, Optional<String> traceparent) {

    private static final ThreadLocal<Causation> CURRENT = new ThreadLocal<>();

    /** What the current thread is handling. */
    public static Optional<Causation> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Runs the handling of this message on the current thread. */
    public void run(Runnable handling) {
        Causation outer = CURRENT.get();
        CURRENT.set(this);
        try {
            handling.run();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }
}
