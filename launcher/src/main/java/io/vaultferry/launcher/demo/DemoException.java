package io.vaultferry.launcher.demo;

/** The demo cannot go on. The message is for the person at the terminal. */
public final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DemoException(String message) {
        super(message);
    }

    public DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
