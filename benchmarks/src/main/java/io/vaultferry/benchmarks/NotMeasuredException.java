package io.vaultferry.benchmarks;

/** This machine lacks something that a benchmark needs; the message is a sentence that says what. */
public final class NotMeasuredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotMeasuredException(String message) {
        super(message);
    }

    public NotMeasuredException(String message, Throwable cause) {
        super(message, cause);
    }
}
