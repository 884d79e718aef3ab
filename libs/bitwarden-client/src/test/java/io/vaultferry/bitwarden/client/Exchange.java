package io.vaultferry.bitwarden.client;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One recorded request with its answer. */
record Exchange(
        String file,
        int number,
        String method,
        String path,
        Map<String, Object> requestHeaders,
        String requestText,
        int status,
        String responseText) {
    static final List<String> FILES = List.of(
            "01-register-and-login",
            "02-login-errors",
            "03-api-key-login",
            "04-two-factor-login",
            "05-organization-collections-groups",
            "06-members",
            "07-policies",
            "08-official-client-login-and-writes",
            "09-items-and-attachments",
            "10-import-organization",
            "11-official-client-reads",
            "12-official-client-import",
            "13-official-client-api-key-login",
            "14-read-organization");

    static Stream<Exchange> all() {
        return FILES.stream().flatMap(file -> in(file).stream());
    }

    static Exchange of(String file, int number) {
        return in(file).get(number - 1);
    }

    static List<Exchange> in(String file) {
        try (InputStream in = Exchange.class.getResourceAsStream("/recordings/http/" + file + ".jsonl");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> parse(file, line)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Exchange parse(String file, String line) {
        JsonObject exchange = JsonObject.of(tree(line.getBytes(StandardCharsets.UTF_8)), "line");
        JsonObject request = exchange.object("request").orElseThrow();
        JsonObject response = exchange.object("response").orElseThrow();
        return new Exchange(
                file,
                exchange.integer("n"),
                request.text("method"),
                request.text("path"),
                request.map("headers"),
                request.optionalText("body").orElse(""),
                response.integer("status"),
                response.optionalText("body").orElse(""));
    }

    byte[] requestBody() {
        return bytes(requestText);
    }

    byte[] responseBody() {
        return bytes(responseText);
    }

    private static byte[] bytes(String body) {
        return body.startsWith("base64:")
                ? Base64.getDecoder().decode(body.substring("base64:".length()))
                : body.getBytes(StandardCharsets.UTF_8);
    }

    static Object tree(byte[] json) {
        try {
            return JsonTree.read(new ByteArrayInputStream(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonObject requestJson() {
        return JsonObject.of(tree(requestBody()), "request");
    }

    JsonObject responseJson() {
        return JsonObject.of(tree(responseBody()), "response");
    }

    Map<String, String> requestForm() {
        return form(requestText);
    }

    static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String field : body.split("&", -1)) {
            int equals = field.indexOf('=');
            form.put(
                    field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    @Override
    public String toString() {
        return file.substring(0, 2) + "#" + number + " " + method + " " + path.replaceAll("\\?.*", "") + " " + status;
    }
}
