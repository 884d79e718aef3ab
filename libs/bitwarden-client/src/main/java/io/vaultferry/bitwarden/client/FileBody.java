package io.vaultferry.bitwarden.client;

import java.io.IOException;

/** A file inside the body of a request: each way of uploading is one implementation. Sent once. */
interface FileBody {
    String contentType();

    /** Of the whole body, in bytes. */
    long length();

    /**
     * Sends the whole body.
     *
     * @throws IOException when the connection does not take it, or the file itself fails: then it says so where it was
     *     made, and the request must be broken off
     */
    void writeTo(Outlet out) throws IOException;

    /** Takes bytes to the server. */
    @FunctionalInterface
    interface Outlet {
        /** @param last whether the body ends with these bytes */
        void write(byte[] bytes, int offset, int length, boolean last) throws IOException;
    }
}
