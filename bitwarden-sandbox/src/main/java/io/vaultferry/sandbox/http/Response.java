package io.vaultferry.sandbox.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer, or an answer cut short on purpose.
 *
 * @param status HTTP status
 * @param headers in the order of sending, without {@code Content-Length}
 * @param body written once
 * @param cutAfter when present, the connection ends after so many bytes of the body; with a negative number it is reset before
 *     the first byte of the answer
 */
public record Response(int status, Map<String, String> headers, Body body, OptionalLong cutAfter) {

    /** The bytes of an answer. */
    public interface Body {

        /** The length when it is known beforehand; short bodies are counted by the server otherwise. */
        default OptionalLong length() {
            return OptionalLong.empty();
        }

        void writeTo(OutputStream out) throws IOException;
    }

    public static Response empty(int status) {
        return of(status, new byte[0], Optional.empty());
    }

    public static Response json(int status, Body body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body, OptionalLong.empty());
    }

    public static Response text(int status, String contentType, String text) {
        return of(status, text.getBytes(StandardCharsets.UTF_8), Optional.of(contentType));
    }

    /** The bytes of a file that was opened already, so that deleting it meanwhile does no harm. */
    public static Response file(InputStream opened, long length) {
        return new Response(
                200,
                Map.of(),
                new Body() {
                    @Override
                    public OptionalLong length() {
                        return OptionalLong.of(length);
                    }

                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        try (opened) {
                            opened.transferTo(out);
                        }
                    }
                },
                OptionalLong.empty());
    }

    /** Opens the file, or empty when there is none. */
    public static Optional<Response> file(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        return Optional.of(file(Files.newInputStream(path), Files.size(path)));
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body, cutAfter);
    }

    public Response with(Body other) {
        return new Response(status, headers, other, cutAfter);
    }

    /** The same, but the connection is reset after so many bytes of the body, or before the first byte when negative. */
    public Response cutAfter(long bytes) {
        return new Response(status, headers, body, OptionalLong.of(bytes));
    }

    /** Whether not even the first byte is sent. */
    public boolean isCutBeforeAnything() {
        return cutAfter.isPresent() && cutAfter.getAsLong() < 0;
    }

    private static Response of(int status, byte[] bytes, Optional<String> contentType) {
        Body body = new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(bytes.length);
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
        return new Response(
                status,
                contentType.map(type -> Map.of("Content-Type", type)).orElse(Map.of()),
                body,
                OptionalLong.empty());
    }
}
