package io.vaultferry.orchestrator.custody;

/** Something sealed does not open: it was altered, or sealed under another key or as something else. */
public final class SealBrokenException extends CustodyException {

    private static final long serialVersionUID = 1L;

    SealBrokenException(String what) {
        super(what + " does not open");
    }
}
