package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Status and headers of an answer whose body is still arriving. */
record HttpAnswer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    OptionalLong length() {
        try {
            return headers.firstValueAsLong("content-length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    boolean isRedirect() {
        return status >= 300 && status < 400 && status != 304;
    }

    boolean isWebPage() {
        return header("content-type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/html"))
                .orElse(false);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // Whatever is left of the answer is not wanted, and the connection is dropped with it.
        }
    }

    @Override
    public String toString() {
        return "HttpAnswer[" + status + "]";
    }
}
