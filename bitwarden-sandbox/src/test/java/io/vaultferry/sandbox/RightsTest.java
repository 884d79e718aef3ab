package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who may do what, call by call, and what the server says to the others. */
class RightsTest {

    private static final String ORGANIZATION = "/api/organizations/" + TestHttp.ORGANIZATION;
    private static final String DETAILS = "/api/ciphers/organization-details?organizationId=" + TestHttp.ORGANIZATION;
    private static final String ENGINEERING = "55d3bf21-7050-453e-ba9a-b69063094c0c";
    private static final String BACKEND = "9bbf04ba-f92c-40cc-85d1-af750a236c53";
    private static final String FINANCE = "296dab99-a6d1-48cf-bf8f-bd305a828073";
    private static final String ITEM_IN_ENGINEERING = "83f89c76-57fb-4db2-a9fc-d3b1a431e6b5";
    private static final String ITEM_IN_FINANCE = "acea0b4f-00e6-47ca-b350-23b03b760d6c";
    private static final String BOB = "d9a923ac-aba6-4d13-bce5-5814eaa768c4";
    private static final Map<String, Object> NO_ACCESS = Map.of("groups", List.of(), "users", List.of(), "name", "2.x");

    private Sandbox sandbox;
    private TestHttp http;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(
                SandboxConfig.builder().tls(false).seed(Seed.recorded()).build());
        http = TestHttp.to(sandbox);
    }

    @AfterEach
    void stop() {
        http.close();
        sandbox.close();
    }

    private String logIn(String email) throws IOException {
        try (var in = Seed.class.getResourceAsStream("recorded/stored.json")) {
            for (JsonNode account : TestHttp.JSON.readTree(in).get("accounts")) {
                if (account.get("email").textValue().equals(email)) {
                    return http.logIn(email, account.get("masterPasswordHash").textValue());
                }
            }
        }
        throw new AssertionError("no account " + email);
    }

    private int status(String method, String path, String token, Object body) throws IOException {
        String json = body == null ? "" : TestHttp.JSON.writeValueAsString(body);
        return http.call(method, path, token, json).status();
    }

    private ObjectNode newLogin(String organizationId) {
        ObjectNode item = TestHttp.JSON.createObjectNode();
        item.put("type", 1).put("name", "2.n").put("organizationId", organizationId);
        item.putObject("login").put("username", "2.u");
        return item;
    }

    @Nested
    class APlainUser {

        private String alice;

        @BeforeEach
        void logInAlice() throws IOException {
            alice = logIn("alice@acme.example.test");
        }

        @Test
        void seesOnlyWhatSheWasGiven() throws IOException {
            // When
            JsonNode sync = http.get("/api/sync", alice).json();

            // Then
            assertThat(sync.get("collections"))
                    .extracting(collection -> collection.get("id").textValue())
                    .containsExactlyInAnyOrder(ENGINEERING, BACKEND, "62308da9-73d7-483d-bdba-d08f94134ef4");
            assertThat(sync.get("ciphers"))
                    .allSatisfy(item -> assertThat(item.get("collectionIds"))
                            .isNotEmpty()
                            .allSatisfy(id -> assertThat(id.textValue()).isIn(ENGINEERING, BACKEND)));
            assertThat(sync.get("profile")
                            .get("organizations")
                            .get(0)
                            .get("type")
                            .intValue())
                    .isEqualTo(2);
        }

        @Test
        void isAnsweredAsIfNotLoggedInWhereAdministratorsAre() throws IOException {
            assertThat(status("GET", ORGANIZATION, alice, null)).isEqualTo(401);
            assertThat(status("GET", ORGANIZATION + "/collections", alice, null))
                    .isEqualTo(401);
            assertThat(status("GET", ORGANIZATION + "/users", alice, null)).isEqualTo(401);
            assertThat(status("GET", ORGANIZATION + "/groups", alice, null)).isEqualTo(401);
            assertThat(status("GET", ORGANIZATION + "/policies", alice, null)).isEqualTo(401);
            assertThat(status("GET", ORGANIZATION + "/export", alice, null)).isEqualTo(401);
            assertThat(status("POST", ORGANIZATION + "/collections", alice, NO_ACCESS))
                    .isEqualTo(401);
            assertThat(status("POST", ORGANIZATION + "/users/invite", alice, Map.of()))
                    .isEqualTo(401);
            assertThat(status("DELETE", ORGANIZATION, alice, Map.of("masterPasswordHash", "x")))
                    .isEqualTo(401);
            assertThat(status("GET", DETAILS, alice, null)).isEqualTo(404);
        }

        @Test
        void mayChangeItemsWhereSheMayWrite() throws IOException {
            // Given
            Map<String, Object> intoEngineering =
                    Map.of("cipher", newLogin(TestHttp.ORGANIZATION), "collectionIds", List.of(ENGINEERING));
            Map<String, Object> intoBackend =
                    Map.of("cipher", newLogin(TestHttp.ORGANIZATION), "collectionIds", List.of(BACKEND));

            // When
            TestHttp.Answer made = http.post("/api/ciphers/create", alice, intoEngineering);
            TestHttp.Answer refused = http.post("/api/ciphers/create", alice, intoBackend);

            // Then
            assertThat(made.status()).isEqualTo(200);
            assertThat(made.json().get("edit").booleanValue()).isTrue();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.message()).isEqualTo("No rights to modify the collection");
            assertThat(status("PUT", "/api/ciphers/" + ITEM_IN_ENGINEERING + "/delete", alice, null))
                    .isEqualTo(200);
        }

        @Test
        void cannotReachItemsElsewhere() throws IOException {
            // When
            TestHttp.Answer read = http.get("/api/ciphers/" + ITEM_IN_FINANCE, alice);
            TestHttp.Answer trashed = http.put("/api/ciphers/" + ITEM_IN_FINANCE + "/delete", alice, Map.of());
            TestHttp.Answer attached = http.post(
                    "/api/ciphers/" + ITEM_IN_FINANCE + "/attachment/v2",
                    alice,
                    Map.of("key", "2.k", "fileName", "2.f", "fileSize", 50));
            TestHttp.Answer file =
                    http.get("/api/ciphers/" + ITEM_IN_FINANCE + "/attachment/eee71b9beba4d753dff6", alice);

            // Then
            assertThat(List.of(read, trashed, attached, file))
                    .extracting(TestHttp.Answer::status)
                    .containsOnly(400);
            assertThat(file.message()).isEqualTo("Cipher is not accessible");
        }
    }

    @Nested
    class AManager {

        private String manager;

        @BeforeEach
        void logInManager() throws IOException {
            manager = logIn("manager@acme.example.test");
        }

        @Test
        void isToldThatThereIsNothingBeyondTheCollectionsManaged() throws IOException {
            assertThat(status("GET", ORGANIZATION + "/collections", manager, null))
                    .isEqualTo(404);
            assertThat(status("GET", ORGANIZATION + "/users", manager, null)).isEqualTo(404);
            assertThat(status("GET", ORGANIZATION + "/groups/details", manager, null))
                    .isEqualTo(404);
            assertThat(status("GET", DETAILS, manager, null)).isEqualTo(404);
            assertThat(http.get(ORGANIZATION + "/collections/details", manager)
                            .json()
                            .get("data"))
                    .hasSize(1);
        }

        @Test
        void changesTheOwnCollectionAndNoOther() throws IOException {
            assertThat(status("PUT", ORGANIZATION + "/collections/" + FINANCE, manager, NO_ACCESS))
                    .isEqualTo(200);
            assertThat(status("PUT", ORGANIZATION + "/collections/" + ENGINEERING, manager, NO_ACCESS))
                    .isEqualTo(401);
            assertThat(status("DELETE", ORGANIZATION + "/collections/" + ENGINEERING, manager, null))
                    .isEqualTo(401);
        }
    }

    @Nested
    class AnAdministrator {

        private String admin;

        @BeforeEach
        void logInAdmin() throws IOException {
            admin = logIn("admin@acme.example.test");
        }

        @Test
        void readsEverythingButTheOrganizationItself() throws IOException {
            assertThat(status("GET", DETAILS, admin, null)).isEqualTo(200);
            assertThat(status("GET", ORGANIZATION + "/export", admin, null)).isEqualTo(200);
            assertThat(status("GET", ORGANIZATION + "/users", admin, null)).isEqualTo(200);
            assertThat(status("GET", ORGANIZATION, admin, null)).isEqualTo(401);
        }

        @Test
        void mayNotMakeOtherAdministrators() throws IOException {
            // When
            TestHttp.Answer invited = http.post(
                    ORGANIZATION + "/users/invite",
                    admin,
                    Map.of("emails", List.of("new@acme.example.test"), "type", 1, "groups", List.of()));
            TestHttp.Answer promoted =
                    http.put(ORGANIZATION + "/users/" + BOB, admin, Map.of("type", 1, "permissions", Map.of()));

            // Then
            assertThat(invited.message()).isEqualTo("Only Owners can invite Managers, Admins or Owners");
            assertThat(promoted.message()).isEqualTo("Only Owners can grant and remove Admin or Owner privileges");
        }
    }

    @Test
    void aRevokedMemberHasNoRightsUntilRestored() throws IOException {
        // Given
        String owner = http.logInOwner();
        String bob = logIn("bob@acme.example.test");
        int seen = http.get("/api/sync", bob).json().get("ciphers").size();

        // When
        http.put(ORGANIZATION + "/users/" + BOB + "/revoke", owner, Map.of());
        JsonNode meanwhile = http.get("/api/sync", bob).json();
        http.put(ORGANIZATION + "/users/" + BOB + "/restore", owner, Map.of());

        // Then
        assertThat(seen).isPositive();
        assertThat(meanwhile.get("ciphers")).isEmpty();
        assertThat(meanwhile.get("profile").get("organizations")).isEmpty();
        assertThat(http.get("/api/sync", bob).json().get("ciphers")).hasSize(seen);
    }

    @Test
    void somebodyWithoutMembershipIsAnsweredAsIfNotLoggedIn() throws IOException {
        // Given
        String owner = http.logInOwner();
        TestHttp.Answer made = http.post(
                "/api/organizations",
                owner,
                Map.of(
                        "name",
                        "Other",
                        "billingEmail",
                        "o@o.example",
                        "collectionName",
                        "2.x",
                        "key",
                        "4.x",
                        "planType",
                        "0"));
        String other = made.json().get("id").textValue();
        String admin = logIn("admin@acme.example.test");

        // When / Then
        assertThat(status("GET", "/api/organizations/" + other + "/export", admin, null))
                .isEqualTo(401);
        assertThat(status("GET", "/api/ciphers/organization-details?organizationId=" + other, admin, null))
                .isEqualTo(401);
        assertThat(status("GET", "/api/organizations/" + other + "/export", owner, null))
                .isEqualTo(200);
    }
}
