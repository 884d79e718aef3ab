package io.vaultferry.infrastructure.process;

/**
 * A part of Vaultferry does not start. The message is for the person at the terminal: what does not start, why, what to do or where
 * the log is.
 */
public final class CannotStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CannotStartException(String message) {
        super(message);
    }

    public CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
