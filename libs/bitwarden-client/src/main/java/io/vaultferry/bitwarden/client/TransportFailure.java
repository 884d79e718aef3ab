package io.vaultferry.bitwarden.client;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

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

    static TransportFailure unknownHost(Origin origin) {
        return new TransportFailure(Kind.UNKNOWN_HOST, false, "nobody knows the host of " + origin);
    }

    static TransportFailure noConnection(Origin origin) {
        return new TransportFailure(Kind.NO_CONNECTION, false, origin + " does not take the connection");
    }

    static TransportFailure noAnswerInTime(Origin origin, Duration within, boolean maybeSent) {
        return new TransportFailure(
                Kind.TIMEOUT, maybeSent, origin + " did not answer within " + within.toSeconds() + " s");
    }

    static TransportFailure connectionLost(Origin origin, boolean maybeSent) {
        return new TransportFailure(
                Kind.CONNECTION_LOST, maybeSent, "the connection to " + origin + " ended without an answer");
    }

    /** The failure to agree on TLS, where that is what it is. */
    static Optional<TransportFailure> ofTls(Origin origin, Throwable cause, boolean maybeSent) {
        Optional<CertificateException> certificate = find(cause, CertificateException.class);
        if (certificate.isPresent()) {
            return Optional.of(new TransportFailure(
                    Kind.TLS,
                    false,
                    "the certificate of " + origin + " is not accepted: "
                            + ServerText.clean(rootMessage(certificate.get()))));
        }
        return find(cause, SSLHandshakeException.class)
                .map(handshake -> new TransportFailure(
                        Kind.TLS,
                        maybeSent,
                        "no TLS connection to " + origin + ": " + ServerText.clean(handshake.getMessage())));
    }

    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }

    private static String rootMessage(Throwable t) {
        Throwable root = t;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
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
