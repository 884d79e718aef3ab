package io.vaultferry.claimcheck;

/**
 * The sealed family of everything that can go wrong with staged data. No message names what the data is about.
 */
public abstract sealed class StagingException extends RuntimeException
        permits StagingUnavailableException, StagedDataDamagedException {

    private static final long serialVersionUID = 1L;

    StagingException(String message, Throwable cause) {
        super(message, cause);
    }
}
