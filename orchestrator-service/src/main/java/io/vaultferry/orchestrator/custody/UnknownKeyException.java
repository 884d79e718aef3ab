package io.vaultferry.orchestrator.custody;

/** There is no such key: it was never made, or it is destroyed. */
public final class UnknownKeyException extends CustodyException {

    private static final long serialVersionUID = 1L;

    UnknownKeyException(KeyName name) {
        super("there is no key " + name);
    }
}
