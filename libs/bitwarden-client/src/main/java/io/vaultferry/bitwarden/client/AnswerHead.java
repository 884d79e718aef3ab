package io.vaultferry.bitwarden.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Status line and headers of an answer, and what they say about its body (RFC 9112). Where that can be read in two ways,
 * it is not read at all.
 *
 * @param keepsConnection whether the server goes on listening after this answer
 */
record AnswerHead(int status, HttpHeaders headers, boolean keepsConnection) {
    private static final int LARGEST = 64 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})( .*)?");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /**
     * Reads up to the first byte of the body. Interim answers such as "100 Continue" are passed over.
     *
     * @throws IOException when it breaks off, is too large, or is no such head
     */
    static AnswerHead read(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        AnswerHead head = readOne(lines);
        while (head.status < 200) {
            if (head.status == 101) {
                throw new IOException("the answer is of another protocol");
            }
            head = readOne(lines);
        }
        return head;
    }

    private static AnswerHead readOne(Lines lines) throws IOException {
        var status = STATUS_LINE.matcher(lines.next());
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP");
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !HEADER_NAME.matcher(line.substring(0, colon)).matches()) {
                throw new IOException("the answer has a broken header");
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        String connection =
                String.join(",", headers.getOrDefault("connection", List.of())).toLowerCase(Locale.ROOT);
        boolean keeps = status.group(1).equals("1") && !connection.contains("close");
        AnswerHead head = new AnswerHead(
                Integer.parseInt(status.group(2)), HttpHeaders.of(headers, (name, value) -> true), keeps);
        head.requireOneFraming();
        return head;
    }

    private void requireOneFraming() throws IOException {
        List<String> lengths = headers.allValues("content-length");
        List<String> encodings = headers.allValues("transfer-encoding");
        boolean readable = encodings.isEmpty()
                ? lengths.stream().distinct().count() <= 1
                        && lengths.stream()
                                .allMatch(length -> LENGTH.matcher(length).matches())
                : lengths.isEmpty()
                        && encodings.size() == 1
                        && encodings.getFirst().equalsIgnoreCase("chunked");
        if (!readable) {
            throw new IOException("the length of the answer cannot be told");
        }
    }

    boolean hasBody() {
        return status != 204 && status != 304;
    }

    boolean isChunked() {
        return !headers.allValues("transfer-encoding").isEmpty();
    }

    /** Empty where the body is chunked, or ends with the connection. */
    OptionalLong length() {
        return headers.firstValueAsLong("content-length");
    }

    /** The lines of a head, which is bounded as a whole. */
    static final class Lines {
        private final InputStream in;
        private int left = LARGEST;

        Lines(InputStream in) {
            this.in = in;
        }

        String next() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("the answer broke off");
                }
                if (left-- == 0) {
                    throw new IOException("the head of the answer is too long");
                }
                line.append((char) next);
            }
            int length = line.length();
            return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
        }
    }
}
