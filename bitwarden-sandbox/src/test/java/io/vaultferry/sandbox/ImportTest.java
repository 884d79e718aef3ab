package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The import of many items at once, with the manners of the real server. */
class ImportTest {

    private static final String LIST = "/api/ciphers/organization-details?organizationId=";
    private static final String IMPORT = "/api/ciphers/import-organization?organizationId=";

    private Sandbox sandbox;
    private TestHttp http;
    private String token;
    private String organization;
    private String collection;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .tls(false)
                .seed(Seed.recordedAccountsOnly())
                .build());
        http = TestHttp.to(sandbox);
        token = http.logInOwner();
        organization = http.post(
                        "/api/organizations",
                        token,
                        Map.of(
                                "name",
                                "Target",
                                "billingEmail",
                                "o@o.example",
                                "collectionName",
                                "2.c",
                                "key",
                                "4.k",
                                "planType",
                                5))
                .json()
                .get("id")
                .textValue();
        collection = http.get("/api/organizations/" + organization + "/collections", token)
                .json()
                .get("data")
                .get(0)
                .get("id")
                .textValue();
    }

    @AfterEach
    void stop() {
        http.close();
        sandbox.close();
    }

    private ObjectNode body(int count) {
        ObjectNode body = TestHttp.JSON.createObjectNode();
        ArrayNode items = body.putArray("ciphers");
        ArrayNode links = body.putArray("collectionRelationships");
        for (int i = 0; i < count; i++) {
            ObjectNode item = items.addObject();
            item.put("type", 1).put("name", "2.name-" + i).put("organizationId", organization);
            item.put("notes", "2." + "n".repeat(300));
            item.putObject("login")
                    .put("username", "2.u")
                    .put("password", "2.p")
                    .putArray("uris");
            links.addObject().put("key", i).put("value", 0);
        }
        ObjectNode target = body.putArray("collections").addObject();
        target.put("id", collection).put("name", "2.c").putNull("externalId");
        target.putArray("groups");
        target.putArray("users");
        return body;
    }

    private JsonNode list() throws IOException {
        return http.get(LIST + organization, token).json().get("data");
    }

    private static long linked(JsonNode items) {
        long count = 0;
        for (JsonNode item : items) {
            count += item.get("collectionIds").size();
        }
        return count;
    }

    @Test
    void tenThousandItemsAreImportedAndListedInSeconds() throws IOException {
        // Given
        ObjectNode body = body(10_000);

        // When
        TestHttp.Answer answer = http.post(IMPORT + organization, token, body);
        JsonNode items = list();

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEmpty();
        assertThat(items).hasSize(10_000);
        assertThat(linked(items)).isEqualTo(10_000);
        assertThat(items.get(9_999).get("name").textValue()).isEqualTo("2.name-9999");
        // Generous, because the machine may be busy: alone it takes less than a second each.
        assertThat(sandbox.journal(0))
                .allSatisfy(entry -> assertThat(Duration.ofNanos(entry.microseconds() * 1000))
                        .isLessThan(Duration.ofSeconds(20)));
    }

    @Test
    void aListingInTheMiddleShowsItemsWithoutLinks() throws IOException {
        // Given
        sandbox.addFault(
                Fault.once("POST /api/ciphers/import-organization", new Fault.DelayHalfway(Duration.ofSeconds(30))));
        Thread importing = Thread.startVirtualThread(() -> {
            try {
                http.post(IMPORT + organization, token, body(50));
            } catch (IOException e) {
                Thread.currentThread().interrupt();
            }
        });

        // When / Then
        await().untilAsserted(() -> assertThat(list()).hasSize(50));
        assertThat(linked(list())).isZero();
        assertThat(importing.isAlive()).isTrue();
    }

    @Test
    void anImportGoesOnWhenTheClientHangsUp() throws IOException {
        // Given
        sandbox.addFault(
                Fault.once("POST /api/ciphers/import-organization", new Fault.DelayHalfway(Duration.ofSeconds(2))));
        byte[] body = TestHttp.JSON.writeValueAsBytes(body(1_500));

        // When
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), sandbox.baseUrl().getPort())) {
            socket.getOutputStream()
                    .write(("POST " + IMPORT + organization + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(list()).isNotEmpty());
            socket.setSoLinger(true, 0);
        }

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(linked(list())).isEqualTo(1_500));
    }

    @Test
    void anItemOfAnUnknownTypeIsLeftOutWithoutAWord() throws IOException {
        // Given
        ObjectNode body = body(3);
        ((ObjectNode) body.get("ciphers").get(1)).put("type", 8);
        ((ArrayNode) body.get("collectionRelationships")).remove(1);

        // When
        TestHttp.Answer answer = http.post(IMPORT + organization, token, body);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(list()).extracting(item -> item.get("name").textValue()).containsExactly("2.name-0", "2.name-2");
    }

    @Test
    void aLinkToARefusedItemEndsTheCallWithTheLinksBeforeItStored() throws IOException {
        // Given
        ObjectNode body = body(3);
        ((ObjectNode) body.get("ciphers").get(1)).remove("login");

        // When
        TestHttp.Answer answer = http.post(IMPORT + organization, token, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("Error adding cipher to collection");
        assertThat(list()).hasSize(2);
        assertThat(linked(list())).isEqualTo(1);
    }

    @Test
    void anItemWithoutOrganizationBecomesThePersonsOwn() throws IOException {
        // Given
        ObjectNode body = body(1);
        ((ObjectNode) body.get("ciphers").get(0)).remove("organizationId");

        // When
        http.post(IMPORT + organization, token, body);

        // Then
        assertThat(list()).isEmpty();
        assertThat(http.get("/api/sync", token).json().get("ciphers")).hasSize(1);
    }

    @Test
    void aNullInAPasswordHistoryOrALongNoteRefusesTheWholeImport() throws IOException {
        // Given
        ObjectNode body = body(3);
        ((ObjectNode) body.get("ciphers").get(1))
                .putArray("passwordHistory")
                .addObject()
                .putNull("password");
        ((ObjectNode) body.get("ciphers").get(2)).put("notes", "2." + "n".repeat(10_000));

        // When
        TestHttp.Answer answer = http.post(IMPORT + organization, token, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        JsonNode errors = answer.json().get("validationErrors");
        assertThat(errors.get("Ciphers[1].Notes").get(0).textValue()).contains("`null`");
        assertThat(errors.get("Ciphers[2].Notes").get(0).textValue()).contains("10000 characters");
        assertThat(list()).isEmpty();
    }

    @Test
    void brokenItemsAndLinksBreakTheCall() throws IOException {
        // Given
        ObjectNode brokenItem = body(2);
        ((ObjectNode) brokenItem.get("ciphers").get(1)).putArray("fields").add("no object");
        ObjectNode brokenLink = body(1);
        ((ArrayNode) brokenLink.get("collectionRelationships"))
                .addObject()
                .put("key", 7)
                .put("value", 0);

        // When
        TestHttp.Answer first = http.post(IMPORT + organization, token, brokenItem);
        TestHttp.Answer second = http.post(IMPORT + organization, token, brokenLink);

        // Then
        assertThat(first.status()).isEqualTo(500);
        assertThat(second.status()).isEqualTo(500);
        assertThat(list()).hasSize(2);
        assertThat(linked(list())).isEqualTo(1);
    }

    @Test
    void bodiesThatAreNoImportAreRefusedBeforeAnything() throws IOException {
        assertThat(http.call("POST", IMPORT + organization, token, "{").status())
                .isEqualTo(400);
        assertThat(http.call("POST", IMPORT + organization, token, "{}").status())
                .isEqualTo(422);
        assertThat(http.call("POST", IMPORT + organization, "nobody", "{").status())
                .isEqualTo(401);
        ObjectNode nameless = body(1);
        ((ObjectNode) nameless.get("ciphers").get(0)).remove("name");
        assertThat(http.post(IMPORT + organization, token, nameless).status()).isEqualTo(422);
    }

    @Test
    void aBodyOfMoreThanTwentyMegabytesIsTooLarge() throws IOException {
        // Given
        String body = "{\"ciphers\":\"" + "x".repeat(20_000_001) + "\"}";

        // When
        TestHttp.Answer answer = http.call("POST", IMPORT + organization, token, body);

        // Then
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("error").get("reason").textValue()).isEqualTo("Payload Too Large");
    }

    @Test
    void manyClientsAtOnceLoseNothing() throws IOException, InterruptedException, ExecutionException {
        // Given
        int clients = 200;
        List<Future<Integer>> answers = new ArrayList<>();

        // When
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                int number = i;
                answers.add(executor.submit(() -> {
                    ObjectNode item = TestHttp.JSON.createObjectNode();
                    item.put("type", 2).put("name", "2.concurrent-" + number).put("organizationId", organization);
                    item.putObject("secureNote").put("type", 0);
                    return http.post(
                                    "/api/ciphers/create",
                                    token,
                                    Map.of("cipher", item, "collectionIds", List.of(collection)))
                            .status();
                }));
            }
        }

        // Then
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(200);
        }
        Set<String> names = new HashSet<>();
        list().forEach(item -> names.add(item.get("name").textValue()));
        assertThat(names).hasSize(clients);
    }
}
