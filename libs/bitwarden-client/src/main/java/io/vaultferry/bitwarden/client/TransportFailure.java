package io.vaultferry.bitwarden.client;

/** A request that got no answer. */
final class TransportFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final boolean maybeSent;

    TransportFailure(Kind kind, boolean maybeSent, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
        this.maybeSent = maybeSent;
    }

    Kind kind() {
        return kind;
    }

    /** Whether a byte of the request may have reached the server. */
    boolean maybeSent() {
        return maybeSent;
    }

    String reason() {
        return getMessage();
    }

    enum Kind {
        UNKNOWN_HOST,
        NO_CONNECTION,
        TLS,
        TIMEOUT,
        CONNECTION_LOST,
        INTERRUPTED;

        /** Whether a read is worth another try at once. */
        boolean isFleeting() {
            return switch (this) {
                case NO_CONNECTION, CONNECTION_LOST -> true;
                case UNKNOWN_HOST, TLS, TIMEOUT, INTERRUPTED -> false;
            };
        }
    }
}
