package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A plain HTTP client of a sandbox. */
final class TestHttp implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String OWNER = "owner@acme.example.test";
    static final String OWNER_HASH = "7IYtxB85nIJiX9+Ze9paESCr14qK9ttWRZx1JmZK/A8=";
    static final String ORGANIZATION = "d34adb66-fc99-44ab-ae6b-78ef38ce20a5";

    private final HttpClient client;
    private final String baseUrl;

    TestHttp(URI baseUrl, Optional<Path> caFile) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
        caFile.map(TestHttp::trusting).ifPresent(builder::sslContext);
        this.client = builder.build();
        this.baseUrl = baseUrl.toString();
    }

    static TestHttp to(Sandbox sandbox) {
        return new TestHttp(sandbox.baseUrl(), sandbox.caFile());
    }

    static TestHttp toAdmin(Sandbox sandbox) {
        return new TestHttp(sandbox.adminUrl(), Optional.empty());
    }

    /** An answer with its body as bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Answer(int status, Map<String, String> headers, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text(), e);
            }
        }

        String message() {
            return json().path("message").asText();
        }
    }

    Answer send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(60));
        headers.forEach(request::setHeader);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, String> received = response.headers().map().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, e -> e.getValue().getFirst()));
            return new Answer(response.statusCode(), received, response.body());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    Answer call(String method, String path, String token, String json) throws IOException {
        return send(
                method,
                path,
                Map.of(
                        "Accept",
                        "application/json",
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + token,
                        "Bitwarden-Client-Version",
                        "2026.8.0"),
                json.getBytes(StandardCharsets.UTF_8));
    }

    Answer get(String path, String token) throws IOException {
        return call("GET", path, token, "");
    }

    Answer post(String path, String token, Object body) throws IOException {
        return call("POST", path, token, JSON.writeValueAsString(body));
    }

    Answer put(String path, String token, Object body) throws IOException {
        return call("PUT", path, token, JSON.writeValueAsString(body));
    }

    Answer delete(String path, String token) throws IOException {
        return call("DELETE", path, token, "");
    }

    Answer form(String path, Map<String, String> form) throws IOException {
        String body = form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                "POST",
                path,
                Map.of("Accept", "application/json", "Content-Type", "application/x-www-form-urlencoded"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    Answer logInWith(String email, String passwordHash) throws IOException {
        return form(
                "/identity/connect/token",
                Map.of(
                        "grant_type",
                        "password",
                        "username",
                        email,
                        "password",
                        passwordHash,
                        "scope",
                        "api offline_access",
                        "client_id",
                        "cli",
                        "deviceType",
                        "25",
                        "deviceIdentifier",
                        "6b6f0d0c-8a0a-4a53-9d0f-2f6b7e1a0001",
                        "deviceName",
                        "test"));
    }

    /** The access token of a fresh login. */
    String logIn(String email, String passwordHash) throws IOException {
        Answer answer = logInWith(email, passwordHash);
        if (answer.status() != 200) {
            throw new AssertionError("login of " + email + " answered " + answer.status() + " " + answer.text());
        }
        return answer.json().get("access_token").textValue();
    }

    String logInOwner() throws IOException {
        return logIn(OWNER, OWNER_HASH);
    }

    static SSLContext trusting(Path caFile) {
        try (InputStream in = Files.newInputStream(caFile)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
