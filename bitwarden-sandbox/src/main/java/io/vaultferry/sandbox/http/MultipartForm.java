package io.vaultferry.sandbox.http;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code multipart/form-data}: the first part that has a file name goes to a file as it arrives, short text parts
 * to memory.
 *
 * @param fields text parts by name
 * @param fileName the file part's name as the client sent it
 * @param size bytes of the file part, which are in the file that was given
 */
public record MultipartForm(Map<String, String> fields, Optional<String> fileName, Optional<Long> size) {

    private static final int LONGEST_FIELD = 1024 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern ATTRIBUTE = Pattern.compile("(?:^|;\\s*)(name|filename)=\"([^\"]*)\"");

    /** The form is longer than allowed. */
    public static final class TooLargeException extends IOException {
        public TooLargeException() {
            super("the form is longer than allowed");
        }
    }

    /** This is no form, or a broken one. */
    public static final class MalformedException extends IOException {
        public MalformedException(String message) {
            super(message);
        }
    }

    /** Reads the whole form. The file exists afterwards exactly when there was a file part. */
    public static MultipartForm read(Request request, Path file, long limit) throws IOException {
        Matcher boundary = BOUNDARY.matcher(request.header("content-type").orElse(""));
        if (!boundary.find()) {
            throw new MalformedException("not a multipart form");
        }
        String name = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
        Parser parser = new Parser(new LimitedInputStream(request.body(), limit), name);
        Map<String, String> fields = new HashMap<>();
        Optional<String> fileName = Optional.empty();
        Optional<Long> size = Optional.empty();
        parser.skipPreamble();
        while (parser.hasPart()) {
            Map<String, String> attributes = parser.readHead();
            if (attributes.containsKey("filename") && size.isEmpty()) {
                fileName = Optional.of(attributes.get("filename"));
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 128 * 1024)) {
                    size = Optional.of(parser.copyPart(out, Long.MAX_VALUE));
                }
            } else {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                parser.copyPart(text, LONGEST_FIELD);
                fields.putIfAbsent(attributes.getOrDefault("name", ""), text.toString(StandardCharsets.UTF_8));
            }
        }
        return new MultipartForm(fields, fileName, size);
    }

    private static final class LimitedInputStream extends InputStream {
        private final InputStream in;
        private long rest;

        LimitedInputStream(InputStream in, long limit) {
            this.in = in;
            this.rest = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int n = in.read(buffer, offset, count);
            if (n > rest) {
                throw new TooLargeException();
            }
            rest -= Math.max(n, 0);
            return n;
        }
    }

    private static final class Parser {
        private final InputStream in;
        private final byte[] delimiter;
        private final byte[] buffer = new byte[256 * 1024];
        private int start;
        private int end;
        private boolean ended;

        Parser(InputStream in, String boundary) {
            this.in = in;
            this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        }

        void skipPreamble() throws IOException {
            // The first delimiter has no line break before it: pretend that there was one.
            buffer[0] = '\r';
            buffer[1] = '\n';
            end = 2;
            copyPart(OutputStream.nullOutputStream(), LONGEST_LINE);
        }

        boolean hasPart() {
            return !ended;
        }

        Map<String, String> readHead() throws IOException {
            Map<String, String> attributes = new HashMap<>();
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                    Matcher matcher = ATTRIBUTE.matcher(line);
                    while (matcher.find()) {
                        attributes.put(matcher.group(1), matcher.group(2));
                    }
                }
            }
            return attributes;
        }

        /** Copies up to the next delimiter and steps over it. */
        long copyPart(OutputStream out, long limit) throws IOException {
            long copied = 0;
            while (true) {
                int found = indexOfDelimiter();
                int until = found >= 0 ? found : Math.max(start, end - delimiter.length + 1);
                copied += until - start;
                if (copied > limit) {
                    throw new MalformedException("a part is longer than allowed");
                }
                out.write(buffer, start, until - start);
                start = until;
                if (found >= 0) {
                    start += delimiter.length;
                    String rest = readLine();
                    if (rest.startsWith("--")) {
                        ended = true;
                    }
                    return copied;
                }
                fill();
            }
        }

        private int indexOfDelimiter() {
            for (int i = start; i <= end - delimiter.length; i++) {
                if (buffer[i] == '\r'
                        && Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                    return i;
                }
            }
            return -1;
        }

        private String readLine() throws IOException {
            while (true) {
                for (int i = start; i < end; i++) {
                    if (buffer[i] == '\n') {
                        String line = new String(buffer, start, i - start, StandardCharsets.UTF_8);
                        start = i + 1;
                        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
                    }
                }
                if (end - start >= 2 && buffer[start] == '-' && buffer[start + 1] == '-') {
                    // Some clients leave out the line break after the last delimiter.
                    start = end;
                    return "--";
                }
                if (end - start > LONGEST_LINE) {
                    throw new MalformedException("a header line is longer than allowed");
                }
                fill();
            }
        }

        private void fill() throws IOException {
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            int n = in.read(buffer, end, buffer.length - end);
            if (n < 0) {
                throw new EOFException("the form ends too early");
            }
            end += n;
        }
    }
}
