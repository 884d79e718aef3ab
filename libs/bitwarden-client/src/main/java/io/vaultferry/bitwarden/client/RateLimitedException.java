package io.vaultferry.bitwarden.client;

import java.time.Duration;

/** The server asks to slow down. The request was not carried out and may be sent again after the delay. */
public final class RateLimitedException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    RateLimitedException(String attempt, Duration retryAfter) {
        super("The server limits how often one may " + attempt + ": wait " + retryAfter.toSeconds() + " s.");
        this.retryAfter = retryAfter;
    }

    /** How long to wait before sending the request again: what the server said, or a guess when it said nothing. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
