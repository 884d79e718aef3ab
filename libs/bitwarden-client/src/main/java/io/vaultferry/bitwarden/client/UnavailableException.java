package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.util.Optional;

/**
 * The server could not be reached, or a read got no usable answer. Nothing was changed, so the request may be sent
 * again. A write ends here only when not a byte of it was sent, or when the server announced with
 * {@code 503} and {@code Retry-After} that it did not take it.
 */
public final class UnavailableException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    UnavailableException(String attempt, String reason) {
        this(attempt, reason, null);
    }

    UnavailableException(String attempt, String reason, Duration retryAfterOrNull) {
        super("Could not " + attempt + ": " + reason + ".");
        this.retryAfter = retryAfterOrNull;
    }

    /** How long the server asked to wait, when it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
