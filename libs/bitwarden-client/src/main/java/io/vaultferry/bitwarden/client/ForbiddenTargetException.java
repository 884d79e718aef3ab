package io.vaultferry.bitwarden.client;

/** The outbound guard does not let a request go to this address. The message names the rule and how to allow it. */
public final class ForbiddenTargetException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    ForbiddenTargetException(String message) {
        super(message);
    }
}
