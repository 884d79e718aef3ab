package io.vaultferry.bitwarden.client;

import java.io.InputStream;
import java.util.OptionalLong;

/**
 * The bytes of a file as they arrive. Reading ends with an {@link java.io.IOException} when they stop coming, or end
 * before the announced length. Closing it early drops the connection.
 */
public final class Download implements AutoCloseable {
    private final InputStream body;
    private final OptionalLong length;

    Download(InputStream body, OptionalLong length) {
        this.body = body;
        this.length = length;
    }

    public InputStream body() {
        return body;
    }

    /** As announced by the server, in bytes. */
    public OptionalLong length() {
        return length;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (java.io.IOException e) {
            // The connection is dropped either way, and there is nothing left to lose.
        }
    }
}
