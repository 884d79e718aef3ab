package io.vaultferry.bitwarden.client;

/**
 * A write was sent and its outcome is not known: the connection ended, the answer did not come in time, was a 5xx or
 * could not be read. It must not be sent again. The server may still be working on it; what it did has to be found
 * by reading.
 */
public final class UnknownOutcomeException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(String attempt, String reason) {
        super("Sent a request to " + attempt + ", outcome unknown: " + reason + ".");
    }
}
