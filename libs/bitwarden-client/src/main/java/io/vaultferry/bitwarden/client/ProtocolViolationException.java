package io.vaultferry.bitwarden.client;

/** The server answered a read with something that this client cannot understand. Names the member, never its value. */
public final class ProtocolViolationException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    ProtocolViolationException(String message) {
        super(message);
    }
}
