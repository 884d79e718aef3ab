package io.vaultferry.bitwarden.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One request.
 *
 * @param attempt what it tries to do, to complete sentences such as "Could not ..."
 * @param answerWithin how long the server may take to begin its answer, counted from the last byte sent
 * @param ofFile whether the request or the answer is a file: such calls take the short way through
 *     {@link FileTransport}
 */
record Call(
        String attempt,
        Effect effect,
        String method,
        URI uri,
        Optional<AccessToken> token,
        Payload payload,
        Duration answerWithin,
        boolean ofFile) {
    /** Neither sends nor fetches a file. */
    Call(
            String attempt,
            Effect effect,
            String method,
            URI uri,
            Optional<AccessToken> token,
            Payload payload,
            Duration answerWithin) {
        this(attempt, effect, method, uri, token, payload, answerWithin, false);
    }

    /** What happens on the server when the request arrives. */
    enum Effect {
        /** Nothing: it may be sent again without being asked. */
        NONE,
        /** Nothing lasting, but the credentials in it may be used up: it is sent once, and may be sent again later. */
        FLEETING,
        /** Something lasting: it is sent once. */
        LASTING
    }

    Call withToken(AccessToken other) {
        return new Call(attempt, effect, method, uri, Optional.of(other), payload, answerWithin, ofFile);
    }

    Call withUri(URI other) {
        return new Call(attempt, effect, method, other, token, payload, answerWithin, ofFile);
    }

    @Override
    public String toString() {
        return "Call[" + attempt + "]";
    }
}
