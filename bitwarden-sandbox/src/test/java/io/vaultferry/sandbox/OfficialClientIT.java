package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client takes the sandbox for the server that it was made for. */
class OfficialClientIT {

    private static final Path INSTALLATION = Path.of("target", "bw");
    private static final String PASSWORD = "correct horse battery staple 9";
    private static final String ORGANIZATION = TestHttp.ORGANIZATION;

    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private OfficialClient client;

    @BeforeAll
    static void installClient() {
        Optional<String> reason = OfficialClient.whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "Skipped: the official client was not run, because " + reason.get());
        OfficialClient.install(INSTALLATION);
    }

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder().seed(Seed.recorded()).build());
        client = new OfficialClient(
                INSTALLATION, directory.resolve("appdata"), sandbox.caFile().orElseThrow());
        client.useServer(sandbox.baseUrl());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void itReadsEveryItemAndEveryFileOfTheRecordedOrganization() {
        // Given
        client.logIn(TestHttp.OWNER, PASSWORD);

        // When
        DecryptedOrganization read;
        try (OfficialClient.Serving serving = client.serve()) {
            read = DecryptedOrganization.readBy(serving, ORGANIZATION);
        }

        // Then
        DecryptedOrganization recorded = DecryptedOrganization.recorded();
        assertThat(read.items()).containsExactlyInAnyOrderElementsOf(recorded.items());
        assertThat(read.collections()).containsExactlyInAnyOrderElementsOf(recorded.collections());
        assertThat(read.members()).containsExactlyInAnyOrderElementsOf(recorded.members());
    }

    @Test
    void itMakesACollectionAnItemAndAFileThatItReadsAgain() throws IOException {
        // Given
        client.logInWithApiKey("user.06f75c4c-7096-4051-b680-aa58f47a516d", "eE90S2HjOAMWrdyIqVdGFRQrW4xpon", PASSWORD);
        ObjectNode collection = TestHttp.JSON
                .createObjectNode()
                .put("name", "Made in the sandbox")
                .put("externalId", "x-1");
        collection.put("organizationId", ORGANIZATION);
        collection.putArray("groups");
        collection.putArray("users");
        Path file = Files.writeString(directory.resolve("note ✓.txt"), "what is in it");

        // When
        String collectionId =
                client.createCollection(collection, ORGANIZATION).get("id").textValue();
        String itemId = client.createItem(login("A new login", collectionId), ORGANIZATION)
                .get("id")
                .textValue();
        JsonNode withFile = client.createAttachment(file, itemId);

        // Then
        try (OfficialClient.Serving serving = client.serve()) {
            serving.trashItem(itemId);
            serving.sync();
            // The client answers from items that it decrypted before, until it has decrypted what it was sent since.
            await().untilAsserted(() -> assertThat(serving.trashedItems(ORGANIZATION))
                    .anySatisfy(item -> {
                        assertThat(item.get("name").textValue()).isEqualTo("A new login");
                        assertThat(item.get("login").get("password").textValue())
                                .isEqualTo("s3cret ✓");
                        assertThat(item.get("collectionIds").get(0).textValue()).isEqualTo(collectionId);
                    }));
            serving.restoreItem(itemId);
            String attachmentId = withFile.get("attachments").get(0).get("id").textValue();
            assertThat(serving.attachment(itemId, attachmentId))
                    .isEqualTo("what is in it".getBytes(StandardCharsets.UTF_8));
            assertThat(serving.collection(ORGANIZATION, collectionId)
                            .get("name")
                            .textValue())
                    .isEqualTo("Made in the sandbox");
        }
    }

    private static ObjectNode login(String name, String collectionId) {
        ObjectNode item = TestHttp.JSON.createObjectNode();
        item.put("organizationId", ORGANIZATION);
        item.putArray("collectionIds").add(collectionId);
        item.putNull("folderId");
        item.put("type", 1);
        item.put("name", name);
        item.put("notes", "a note");
        item.put("favorite", false);
        item.put("reprompt", 0);
        item.putArray("fields").addObject().put("name", "f").put("value", "v").put("type", 0);
        ObjectNode login = item.putObject("login");
        login.putArray("uris").addObject().put("uri", "https://new.example").putNull("match");
        login.put("username", "u").put("password", "s3cret ✓").putNull("totp");
        return item;
    }

    @Test
    void itLogsInWithTheCodeOfAnAuthenticator() {
        // Given
        String code = TestTotp.code("BO6MLQR2IGWZJY7CJRRWZMWKDPBAOVBD", Instant.now());

        // When
        client.logIn("totp@acme.example.test", PASSWORD, code);

        // Then
        JsonNode items = client.json("list", "items", "--organizationid", ORGANIZATION);
        assertThat(items).hasSize(DecryptedOrganization.recorded().items().size() - 1);
    }

    @Test
    void itIsToldThatThePasswordIsWrong() {
        // When
        OfficialClient.Result result = client.call(Map.of(), "login", TestHttp.OWNER, "wrong", "--raw");

        // Then
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.errors()).contains("Username or password is incorrect");
    }
}
