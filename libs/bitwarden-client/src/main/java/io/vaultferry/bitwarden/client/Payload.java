package io.vaultferry.bitwarden.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The body of a request.
 *
 * @param publisher made anew for each time that the body is sent; not used where there is a file
 * @param file for calls that carry one
 */
record Payload(String contentType, Supplier<BodyPublisher> publisher, Optional<FileBody> file) {
    static final Payload NONE = new Payload("", BodyPublishers::noBody, Optional.empty());

    static Payload json(Object tree) {
        byte[] bytes = JsonTree.write(tree);
        return new Payload("application/json", () -> BodyPublishers.ofByteArray(bytes), Optional.empty());
    }

    static Payload form(Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new Payload(
                "application/x-www-form-urlencoded",
                () -> BodyPublishers.ofString(form, StandardCharsets.UTF_8),
                Optional.empty());
    }

    static Payload file(FileBody file) {
        return new Payload(file.contentType(), BodyPublishers::noBody, Optional.of(file));
    }

    boolean isEmpty() {
        return contentType.isEmpty();
    }

    @Override
    public String toString() {
        return "Payload[" + contentType + "]";
    }
}
