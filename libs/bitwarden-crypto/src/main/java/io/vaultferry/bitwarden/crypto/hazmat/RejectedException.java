package io.vaultferry.bitwarden.crypto.hazmat;

/** A primitive refused its input. Deliberately without reason, cause or stack trace. */
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    RejectedException() {
        super("Rejected.", null, false, false);
    }
}
