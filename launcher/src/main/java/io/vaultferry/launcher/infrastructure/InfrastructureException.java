package io.vaultferry.launcher.infrastructure;

/** Kafka or PostgreSQL could not be started. The message is one sentence for the person at the terminal. */
public final class InfrastructureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InfrastructureException(String message) {
        super(message);
    }

    public InfrastructureException(String message, Throwable cause) {
        super(message, cause);
    }
}
