package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line of a transcript. */
record RecordedExchange(
        int number,
        String method,
        String path,
        Map<String, String> requestHeaders,
        String requestBody,
        int status,
        Map<String, String> responseHeaders,
        String responseBody) {

    private static final String BINARY = "base64:";

    static List<RecordedExchange> readAll(String transcript) {
        try (InputStream in = resource("http/" + transcript + ".jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(RecordedExchange::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream resource(String name) {
        InputStream in = RecordedExchange.class.getResourceAsStream("/recordings/" + name);
        if (in == null) {
            throw new IllegalStateException("no recording " + name);
        }
        return in;
    }

    private static RecordedExchange read(String line) {
        try {
            JsonNode json = TestHttp.JSON.readTree(line);
            JsonNode request = json.get("request");
            JsonNode response = json.get("response");
            return new RecordedExchange(
                    json.get("n").intValue(),
                    request.get("method").textValue(),
                    request.get("path").textValue(),
                    headers(request.get("headers")),
                    request.get("body").asText(""),
                    response.get("status").intValue(),
                    headers(response.get("headers")),
                    response.get("body").asText(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> headers(JsonNode json) {
        Map<String, String> headers = new HashMap<>();
        json.properties()
                .forEach(entry -> headers.put(entry.getKey(), entry.getValue().textValue()));
        return headers;
    }

    boolean hasBinaryRequest() {
        return requestBody.startsWith(BINARY);
    }

    static byte[] bytes(String body) {
        return body.startsWith(BINARY)
                ? Base64.getDecoder().decode(body.substring(BINARY.length()))
                : body.getBytes(StandardCharsets.UTF_8);
    }
}
