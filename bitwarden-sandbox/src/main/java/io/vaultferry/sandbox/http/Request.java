package io.vaultferry.sandbox.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One HTTP request; its body can be read once. Header names are in lower case. */
public final class Request {

    private final String method;
    private final String path;
    private final String query;
    private final Map<String, String> headers;
    private final CountingInputStream body;
    private final Instant arrivedAt;
    private final long arrivedNanos = System.nanoTime();
    private volatile Object note;

    Request(String method, String target, Map<String, String> headers, InputStream body, Instant arrivedAt) {
        this.method = method;
        int question = target.indexOf('?');
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.headers = headers;
        this.body = new CountingInputStream(body);
        this.arrivedAt = arrivedAt;
    }

    public String method() {
        return method;
    }

    /** The path as sent, still percent-encoded, without the query. */
    public String path() {
        return path;
    }

    public Instant arrivedAt() {
        return arrivedAt;
    }

    public long microsecondsSinceArrival() {
        return (System.nanoTime() - arrivedNanos) / 1000;
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** A decoded parameter of the query. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(decodeForm(query).get(name));
    }

    /** Keeps something of the handler's for the one who observes its end. */
    public void setNote(Object value) {
        note = value;
    }

    /** What the handler kept, or null. */
    public Object note() {
        return note;
    }

    public InputStream body() {
        return body;
    }

    public long bytesRead() {
        return body.count();
    }

    /** What the client announced; the greatest number when it announced nothing and sends in chunks. */
    public long contentLength() {
        return header("content-length")
                .map(Long::parseLong)
                .orElse(headers.containsKey("transfer-encoding") ? Long.MAX_VALUE : 0L);
    }

    /** The whole body, or empty when it is longer than the limit; then the rest of it stays unread. */
    public Optional<byte[]> bodyUpTo(long limit) throws IOException {
        if (contentLength() > limit && contentLength() != Long.MAX_VALUE) {
            return Optional.empty();
        }
        byte[] bytes = body.readNBytes(Math.toIntExact(limit + 1));
        return bytes.length > limit ? Optional.empty() : Optional.of(bytes);
    }

    /** Parses {@code a=1&b=2}; of a name that comes twice, the first value counts. */
    public static Map<String, String> decodeForm(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static final class CountingInputStream extends InputStream {
        private final InputStream inner;
        private long count;

        CountingInputStream(InputStream inner) {
            this.inner = inner;
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int b = inner.read();
            if (b >= 0) {
                count++;
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = inner.read(buffer, offset, length);
            if (n > 0) {
                count += n;
            }
            return n;
        }
    }
}
