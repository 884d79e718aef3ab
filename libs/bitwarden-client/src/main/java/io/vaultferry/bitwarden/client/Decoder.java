package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** From the body of a successful answer to what the caller wants. */
@FunctionalInterface
interface Decoder<T> {
    T decode(InputStream body) throws IOException;

    /** Reads to the end, so that a broken answer shows, and uses nothing of it. */
    static Decoder<Void> ignoring() {
        return body -> {
            body.transferTo(OutputStream.nullOutputStream());
            return null;
        };
    }
}
