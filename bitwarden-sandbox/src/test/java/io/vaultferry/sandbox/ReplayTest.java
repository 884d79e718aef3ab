package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends every recorded request, in the recorded order, to an empty sandbox and compares every answer with the recorded one:
 * status, members, types, and all values that are not ids, dates or tokens. Because the transcripts read what they wrote,
 * this compares effects too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {

    private static final String RECORDED_BASE_URL = "https://localhost:18443";
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"[^.]+\\.([^.]+)\\.");
    /** Calls that are made for whoever logged in last; all others are the owner's. */
    private static final Pattern OWN_CALL = Pattern.compile("/api/(accounts|two-factor|users/[^/]+/public-key).*");

    private static final String OWNER = "owner@acme.example.test";
    private static final String IMPORT_TARGET = "93629f01-2076-449b-8ce8-101aba728f30";
    private static final String KEYLESS_FILE = "094706ce74faf6f5b908";

    @TempDir
    static Path directory;

    private final MovableClock clock = new MovableClock();
    private final Correspondence correspondence = new Correspondence(RECORDED_BASE_URL);
    private final Map<String, String> tokens = new HashMap<>();
    private Sandbox sandbox;
    private TestHttp http;
    private String lastAccount = OWNER;

    private static final class MovableClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-11-23T22:19:20Z");

        @Override
        public Instant instant() {
            return now;
        }

        void advanceTo(Instant moment) {
            now = moment.isAfter(now) ? moment : now;
        }
    }

    @BeforeAll
    void startEmpty() {
        start(0);
    }

    @AfterAll
    void stop() {
        http.close();
        sandbox.close();
    }

    private void start(int port) {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .port(port)
                .dataDirectory(directory)
                .snapshotFile(directory.resolve("state.json"))
                .clock(clock)
                .build());
        http = TestHttp.to(sandbox);
        correspondence.setBaseUrl(sandbox.baseUrl().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
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
                "14-read-organization"
            })
    void everyRecordedRequestIsAnsweredAsRecorded(String transcript) throws IOException {
        // Given
        if (transcript.startsWith("11")) {
            deleteTheOrganizationThatWasDeletedUnrecorded();
        }
        if (transcript.startsWith("14")) {
            makeFileKeylessAsItWasDoneBehindTheServersBack();
        }
        List<RecordedExchange> exchanges = RecordedExchange.readAll(transcript);
        List<String> differences = new ArrayList<>();

        // When
        for (RecordedExchange exchange : exchanges) {
            for (String difference : replay(transcript, exchange)) {
                differences.add(
                        "#" + exchange.number() + " " + exchange.method() + " " + exchange.path() + ": " + difference);
            }
        }

        // Then
        assertThat(exchanges).isNotEmpty();
        assertThat(differences).isEmpty();
    }

    private List<String> replay(String transcript, RecordedExchange exchange) throws IOException {
        Matcher token = TOKEN.matcher(exchange.responseBody());
        Optional<JsonNode> claims = token.find()
                ? Optional.of(TestHttp.JSON.readTree(Base64.getUrlDecoder().decode(token.group(1))))
                : Optional.empty();
        claims.ifPresent(c -> clock.advanceTo(Instant.ofEpochSecond(c.get("nbf").longValue())));

        Map<String, String> headers = new HashMap<>(exchange.requestHeaders());
        if (headers.containsKey("authorization")) {
            headers.put("authorization", "Bearer " + tokenFor(transcript, exchange));
        }
        byte[] body = exchange.hasBinaryRequest()
                ? RecordedExchange.bytes(exchange.requestBody())
                : correspondence.translate(exchange.requestBody()).getBytes(StandardCharsets.UTF_8);
        TestHttp.Answer answer = http.send(exchange.method(), correspondence.translate(exchange.path()), headers, body);

        List<String> differences = compare(exchange, answer);
        if (claims.isPresent() && answer.status() == 200) {
            lastAccount = claims.get().get("email").textValue();
            tokens.put(lastAccount, answer.json().get("access_token").textValue());
        }
        return differences;
    }

    private String tokenFor(String transcript, RecordedExchange exchange) {
        if (transcript.startsWith("02")) {
            return "garbage";
        }
        return OWN_CALL.matcher(exchange.path()).matches() ? tokens.get(lastAccount) : tokens.get(OWNER);
    }

    private List<String> compare(RecordedExchange exchange, TestHttp.Answer answer) {
        List<String> differences = new ArrayList<>();
        if (answer.status() != exchange.status()) {
            differences.add(exchange.status() + " was recorded, " + answer.status() + " " + answer.text());
            return differences;
        }
        if (!exchange.responseHeaders()
                .getOrDefault("content-type", "")
                .equals(answer.headers().getOrDefault("content-type", ""))) {
            differences.add("content type " + exchange.responseHeaders() + " was recorded, " + answer.headers());
        }
        if (exchange.responseHeaders().containsKey("content-type")) {
            differences.addAll(correspondence.compare(read(exchange.responseBody()), answer.json()));
            boolean indented = exchange.responseBody().contains("\n");
            if (indented && !exchange.responseBody().equals(answer.text())) {
                differences.add("the text " + exchange.responseBody() + " was recorded, " + answer.text());
            }
        } else if (!java.util.Arrays.equals(RecordedExchange.bytes(exchange.responseBody()), answer.bytes())) {
            differences.add("other bytes were recorded");
        }
        return differences;
    }

    private static JsonNode read(String json) {
        try {
            return TestHttp.JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** After transcript 10 its organization is gone, though its deletion is not in a transcript. */
    private void deleteTheOrganizationThatWasDeletedUnrecorded() throws IOException {
        TestHttp.Answer answer = http.call(
                "DELETE",
                "/api/organizations/" + correspondence.nameOf(IMPORT_TARGET),
                tokens.get(OWNER),
                "{\"masterPasswordHash\":\"" + TestHttp.OWNER_HASH + "\"}");
        assertThat(answer.status()).isEqualTo(200);
    }

    /** No server accepts a file without a key any more: the recorded one was made in the database. */
    private void makeFileKeylessAsItWasDoneBehindTheServersBack() throws IOException {
        int port = sandbox.baseUrl().getPort();
        stop();
        String attachment = correspondence.nameOf(KEYLESS_FILE);
        Path snapshot = directory.resolve("state.json");
        JsonNode state = TestHttp.JSON.readTree(snapshot.toFile());
        for (JsonNode item : state.get("items")) {
            for (JsonNode candidate : item.get("attachments")) {
                if (candidate.get("id").textValue().equals(attachment)) {
                    ((ObjectNode) candidate).putNull("key");
                    Path file = directory
                            .resolve("attachments")
                            .resolve(item.get("id").textValue())
                            .resolve(attachment);
                    try (InputStream in = Seed.class.getResourceAsStream("recorded/attachments/" + KEYLESS_FILE)) {
                        Files.write(file, in.readAllBytes());
                    }
                }
            }
        }
        TestHttp.JSON.writeValue(snapshot.toFile(), state);
        start(port);
    }
}
