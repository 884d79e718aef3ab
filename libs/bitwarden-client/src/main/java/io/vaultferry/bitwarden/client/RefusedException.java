package io.vaultferry.bitwarden.client;

import java.util.List;

/** The server understood the request and refuses it for good: nothing was done, and sending it again will not help. */
public final class RefusedException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String serverMessage;
    private final List<String> invalidMembers;

    RefusedException(String attempt, int status, String serverMessage, List<String> invalidMembers) {
        super("The server refused to " + attempt + " (" + status + ")"
                + (serverMessage.isEmpty() ? "." : ": " + serverMessage));
        this.status = status;
        this.serverMessage = serverMessage;
        this.invalidMembers = List.copyOf(invalidMembers);
    }

    /** The HTTP status, 3xx or 4xx. */
    public int status() {
        return status;
    }

    /**
     * The server's own short sentence, empty when it gave none. E-mail addresses, encrypted strings and other long
     * values are taken out and the rest is cut short, so it may be logged.
     */
    public String serverMessage() {
        return serverMessage;
    }

    /**
     * The members of the request that the server names as wrong, in its own notation, for example
     * {@code Ciphers[3].Notes}; empty when it names none.
     */
    public List<String> invalidMembers() {
        return invalidMembers;
    }
}
