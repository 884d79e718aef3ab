package io.vaultferry.orchestrator.custody;

/** The vault cannot do what was asked. The message names the key and the file, never what is in them. */
public class CustodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CustodyException(String message) {
        super(message);
    }

    CustodyException(String message, Throwable cause) {
        super(message, cause);
    }
}
