package io.vaultferry.bitwarden.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The body of a request; the publisher is made anew for each time that it is sent. */
record Payload(String contentType, Supplier<BodyPublisher> publisher) {
    static final Payload NONE = new Payload("", BodyPublishers::noBody);

    static Payload json(Object tree) {
        byte[] bytes = JsonTree.write(tree);
        return new Payload("application/json", () -> BodyPublishers.ofByteArray(bytes));
    }

    static Payload form(Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new Payload(
                "application/x-www-form-urlencoded", () -> BodyPublishers.ofString(form, StandardCharsets.UTF_8));
    }

    boolean isEmpty() {
        return contentType.isEmpty();
    }

    @Override
    public String toString() {
        return "Payload[" + contentType + "]";
    }
}
