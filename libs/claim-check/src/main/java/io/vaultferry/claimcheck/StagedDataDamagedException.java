package io.vaultferry.claimcheck;

/**
 * Staged data is missing, altered, cut short, sealed under another key, or not the document that was asked for. Does not
 * pass by itself.
 */
public final class StagedDataDamagedException extends StagingException {

    private static final long serialVersionUID = 1L;

    public StagedDataDamagedException(String message) {
        super(message, null);
    }
}
