package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.util.Optional;

/**
 * When requests may leave. It is asked before each request, those that are repeated included, and told which ones the server
 * did not take because there were too many. Thread-safe unless an implementation says otherwise.
 */
public interface Pace {

    /** Everything may leave at once. */
    Pace NONE = origin -> retryAfter -> false;

    /** A request that may leave now. */
    @FunctionalInterface
    interface Turn {

        /**
         * The server asked to slow down.
         *
         * @param retryAfter how long it wants to be left alone, when it says so
         * @return whether {@link Pace#await} waits for that; otherwise whoever sends has to wait himself
         */
        boolean refused(Optional<Duration> retryAfter);
    }

    /**
     * Waits until a request may leave. Any unchecked exception leaves unchanged, and the request is not sent.
     *
     * @param origin scheme, host and port of the server
     */
    Turn await(String origin) throws InterruptedException;

    /** Does the waiting for the next request now, for who notes that it is sent before it is. */
    default void prepare(String origin) throws InterruptedException {}
}
