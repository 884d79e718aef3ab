package io.vaultferry.claimcheck;

/** The staging store cannot be read or written at the moment: it is full, unmounted or slow. May pass by itself. */
public final class StagingUnavailableException extends StagingException {

    private static final long serialVersionUID = 1L;

    public StagingUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
