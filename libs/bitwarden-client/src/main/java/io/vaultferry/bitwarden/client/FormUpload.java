package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * A form with one file, sent as a stream of known length through one buffer.
 *
 * <pre>head | content, exactly as many bytes as announced | tail</pre>
 *
 * <p>The last bytes of the content leave only after the content has shown that it ends there. When it fails or has
 * another length the request is broken off before its end, and {@link #contentFailure()} tells why: the server has then
 * not got a whole request.
 */
final class FormUpload implements FileBody {
    private static final int BUFFER = 128 * 1024;

    private final byte[] head;
    private final InputStream content;
    private final long length;
    private final byte[] tail;
    private final String contentType;
    private volatile Exception contentFailure;

    /** @param fileName what the form calls the file; must need no quoting */
    FormUpload(String fileName, InputStream content, long length) {
        if (!fileName.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("Not a name for a form.");
        }
        String boundary = "vaultferry-" + UUID.randomUUID();
        this.contentType = "multipart/form-data; boundary=" + boundary;
        this.head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        this.content = content;
        this.length = length;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public long length() {
        return head.length + length + tail.length;
    }

    Optional<Exception> contentFailure() {
        return Optional.ofNullable(contentFailure);
    }

    @Override
    public void writeTo(Outlet out) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, length())];
        int used = head.length;
        System.arraycopy(head, 0, buffer, 0, used);
        for (long remaining = length; remaining > 0; ) {
            if (used == buffer.length) {
                out.write(buffer, 0, used, false);
                used = 0;
            }
            int read = read(buffer, used, (int) Math.min(buffer.length - used, remaining));
            remaining -= read;
            used += read;
        }
        requireEnd();
        if (used + tail.length > buffer.length) {
            out.write(buffer, 0, used, false);
            used = 0;
        }
        System.arraycopy(tail, 0, buffer, used, tail.length);
        out.write(buffer, 0, used + tail.length, true);
    }

    private int read(byte[] buffer, int offset, int count) throws IOException {
        int read;
        try {
            read = content.read(buffer, offset, count);
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        if (read < 0) {
            throw failed(new IOException("The content ended before its announced length."));
        }
        return read;
    }

    private void requireEnd() throws IOException {
        int more;
        try {
            more = content.read();
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        if (more != -1) {
            throw failed(new IOException("The content is longer than announced."));
        }
    }

    private IOException failed(Exception cause) {
        contentFailure = cause;
        return new IOException("the content failed");
    }
}
