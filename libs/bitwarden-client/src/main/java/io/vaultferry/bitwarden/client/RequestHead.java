package io.vaultferry.bitwarden.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The bytes of a request before its body. Holds the access token. */
final class RequestHead {
    private final byte[] bytes;

    private RequestHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException when a header cannot be sent as it is */
    static RequestHead of(Call call, Map<String, String> headers) {
        URI uri = URI.create(call.uri().toASCIIString());
        StringBuilder head = new StringBuilder(512);
        head.append(call.method()).append(' ');
        head.append(uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\n");
        add(head, "Host", uri.getPort() == -1 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        call.payload().file().ifPresent(file -> add(head, "Content-Length", Long.toString(file.length())));
        headers.forEach((name, value) -> add(head, name, value));
        return new RequestHead(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void add(StringBuilder head, String name, String value) {
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("The header " + name + " has a character that cannot be sent.");
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "RequestHead[redacted]";
    }
}
