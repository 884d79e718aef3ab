package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People on their way into an organization, and what policies and switches do to them. */
class MemberTest {

    private static final String ORGANIZATION = "/api/organizations/" + TestHttp.ORGANIZATION;
    private static final String NEW = "new@acme.example.test";
    private static final String ALICE_MEMBER = "cb6bad91-db7a-4d68-93c0-346f10c34022";
    private static final String OWNER_MEMBER = "b966cd33-bcc3-4f46-b0ff-4947574f7989";
    private static final String SECOND_OWNER_MEMBER = "7fbee9eb-ba27-4dfb-b3af-ad2736bb1a9e";
    private static final String ENGINEERING = "55d3bf21-7050-453e-ba9a-b69063094c0c";

    private Sandbox sandbox;
    private TestHttp http;

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(config.tls(false).build());
        http = TestHttp.to(sandbox);
    }

    private String startRecorded() throws IOException {
        start(SandboxConfig.builder().seed(Seed.recorded()));
        return http.logInOwner();
    }

    @AfterEach
    void stop() {
        http.close();
        sandbox.close();
    }

    private static Map<String, Object> registration(String email) {
        Map<String, Object> body = new HashMap<>();
        body.put("email", email);
        body.put("name", "New");
        body.put("masterPasswordHash", "aGFzaA==");
        body.put("key", "2.a|b|c");
        body.put("kdf", 0);
        body.put("kdfIterations", 600_000);
        body.put("keys", Map.of("publicKey", "MIIB", "encryptedPrivateKey", "2.a|b|c"));
        return body;
    }

    private TestHttp.Answer register(String email) throws IOException {
        return http.post("/identity/accounts/register", "", registration(email));
    }

    private TestHttp.Answer invite(String owner, String... emails) throws IOException {
        return http.post(
                ORGANIZATION + "/users/invite",
                owner,
                Map.of(
                        "emails",
                        List.of(emails),
                        "type",
                        2,
                        "groups",
                        List.of(),
                        "permissions",
                        Map.of(),
                        "collections",
                        List.of(Map.of("id", ENGINEERING, "readOnly", true, "hidePasswords", false, "manage", false))));
    }

    private JsonNode member(String owner, String email) throws IOException {
        for (JsonNode member : http.get(ORGANIZATION + "/users?includeCollections=true&includeGroups=true", owner)
                .json()
                .get("data")) {
            if (member.get("email").textValue().equals(email)) {
                return member;
            }
        }
        throw new AssertionError("no member " + email);
    }

    private JsonNode policy(String owner, int type, boolean enabled) throws IOException {
        Map<String, Object> body = new HashMap<>();
        body.put("policy", Map.of("enabled", enabled));
        body.put("metadata", null);
        return http.put(ORGANIZATION + "/policies/" + type, owner, body).json();
    }

    @Test
    void somebodyUnknownIsInvitedThenAcceptedByRegisteringThenConfirmed() throws IOException {
        // Given
        String owner = startRecorded();
        invite(owner, NEW);
        JsonNode invited = member(owner, NEW);

        // When
        register(NEW);
        JsonNode accepted = member(owner, NEW);
        TestHttp.Answer confirmed = http.post(
                ORGANIZATION + "/users/" + accepted.get("id").textValue() + "/confirm", owner, Map.of("key", "4.abc"));

        // Then
        assertThat(invited.get("status").intValue()).isZero();
        assertThat(invited.get("name").isNull()).isTrue();
        assertThat(invited.get("hasMasterPassword").booleanValue()).isFalse();
        assertThat(accepted.get("status").intValue()).isEqualTo(1);
        assertThat(accepted.get("id")).isEqualTo(invited.get("id"));
        assertThat(confirmed.status()).isEqualTo(200);
        JsonNode member = member(owner, NEW);
        assertThat(member.get("status").intValue()).isEqualTo(2);
        assertThat(member.get("collections").get(0).get("readOnly").booleanValue())
                .isTrue();
        JsonNode profile =
                http.get("/api/accounts/profile", http.logIn(NEW, "aGFzaA==")).json();
        assertThat(profile.get("organizations").get(0).get("key").textValue()).isEqualTo("4.abc");
    }

    @Test
    void aListOfInvitationsStopsAtTheFirstKnownOne() throws IOException {
        // Given
        String owner = startRecorded();

        // When
        TestHttp.Answer answer = invite(owner, "first@x.test", "alice@acme.example.test", "third@x.test");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("User already in organization: alice@acme.example.test");
        JsonNode members = http.get(ORGANIZATION + "/users", owner).json().get("data");
        assertThat(members)
                .extracting(member -> member.get("email").textValue())
                .contains("first@x.test")
                .doesNotContain("third@x.test");
    }

    @Test
    void severalAreConfirmedAtOnceAndEachIsToldApart() throws IOException {
        // Given
        String owner = startRecorded();
        invite(owner, NEW);
        register(NEW);
        String id = member(owner, NEW).get("id").textValue();

        // When
        JsonNode lines = http.post(
                        ORGANIZATION + "/users/confirm",
                        owner,
                        Map.of(
                                "keys",
                                List.of(Map.of("id", id, "key", "4.a"), Map.of("id", ALICE_MEMBER, "key", "4.b"))))
                .json()
                .get("data");

        // Then
        assertThat(lines)
                .extracting(line -> line.get("error").textValue())
                .containsExactly("", "User in invalid state");
    }

    @Test
    void aChangeWithoutGroupsAndCollectionsTakesThemAway() throws IOException {
        // Given
        String owner = startRecorded();
        JsonNode before = member(owner, "alice@acme.example.test");

        // When
        http.put(ORGANIZATION + "/users/" + ALICE_MEMBER, owner, Map.of("type", 2));

        // Then
        JsonNode after = member(owner, "alice@acme.example.test");
        assertThat(before.get("groups")).hasSize(1);
        assertThat(before.get("collections")).hasSize(1);
        assertThat(after.get("groups")).isEmpty();
        assertThat(after.get("collections")).isEmpty();
    }

    @Test
    void ofCustomPermissionsOnlyTheThreeOnCollectionsTogetherMeanAnything() throws IOException {
        // Given
        String owner = startRecorded();

        // When
        http.put(
                ORGANIZATION + "/users/" + ALICE_MEMBER,
                owner,
                Map.of("type", 4, "permissions", Map.of("manageUsers", true, "editAnyCollection", true)));
        JsonNode some = member(owner, "alice@acme.example.test");
        http.put(
                ORGANIZATION + "/users/" + ALICE_MEMBER,
                owner,
                Map.of(
                        "type",
                        4,
                        "permissions",
                        Map.of("createNewCollections", true, "editAnyCollection", true, "deleteAnyCollection", true)));
        JsonNode all = member(owner, "alice@acme.example.test");

        // Then
        assertThat(some.get("accessAll").booleanValue()).isFalse();
        assertThat(some.get("permissions").isNull()).isTrue();
        assertThat(some.get("type").intValue()).isEqualTo(4);
        assertThat(all.get("accessAll").booleanValue()).isTrue();
        assertThat(all.get("permissions").get("manageUsers").booleanValue()).isFalse();
    }

    @Test
    void permissionsMayBeLeftOutButNotNull() throws IOException {
        // Given
        String owner = startRecorded();
        Map<String, Object> body = new HashMap<>(Map.of("type", 2));
        body.put("permissions", null);

        // When
        TestHttp.Answer answer = http.put(ORGANIZATION + "/users/" + ALICE_MEMBER, owner, body);

        // Then
        assertThat(answer.status()).isEqualTo(422);
    }

    @Test
    void theLastOwnerStays() throws IOException {
        // Given
        String owner = startRecorded();
        assertThat(http.delete(ORGANIZATION + "/users/" + SECOND_OWNER_MEMBER, owner)
                        .status())
                .isEqualTo(200);

        // When
        TestHttp.Answer removed = http.delete(ORGANIZATION + "/users/" + OWNER_MEMBER, owner);
        TestHttp.Answer demoted = http.put(ORGANIZATION + "/users/" + OWNER_MEMBER, owner, Map.of("type", 2));
        TestHttp.Answer left = http.post(ORGANIZATION + "/leave", owner, Map.of());

        // Then
        assertThat(removed.message()).isEqualTo("Can't delete the last owner");
        assertThat(demoted.message()).isEqualTo("Can't delete the last owner");
        assertThat(left.message()).isEqualTo("The last owner can't leave");
    }

    @Test
    void aTwoFactorPolicyRevokesPlainMembersWithoutOneAndKeepsOthersOut() throws IOException {
        // Given
        String owner = startRecorded();
        invite(owner, NEW);
        register(NEW);
        String id = member(owner, NEW).get("id").textValue();

        // When
        policy(owner, 0, true);

        // Then
        assertThat(member(owner, "alice@acme.example.test").get("status").intValue())
                .isEqualTo(-1);
        assertThat(member(owner, "admin@acme.example.test").get("status").intValue())
                .isEqualTo(2);
        assertThat(member(owner, NEW).get("status").intValue()).isEqualTo(-1);
        assertThat(http.put(ORGANIZATION + "/users/" + id + "/restore", owner, Map.of())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aPolicyNeedsItsNestedBody() throws IOException {
        // Given
        String owner = startRecorded();

        // When
        TestHttp.Answer flat = http.put(ORGANIZATION + "/policies/6", owner, Map.of("enabled", true, "type", 6));
        TestHttp.Answer unset = http.get(ORGANIZATION + "/policies/5", owner);

        // Then
        assertThat(flat.status()).isEqualTo(422);
        assertThat(unset.json().get("enabled").booleanValue()).isFalse();
    }

    @Test
    void withSignUpsClosedOnlyTheInvitedRegister() throws IOException {
        // Given
        start(SandboxConfig.builder().seed(Seed.recorded()).signupsAllowed(false));

        // When
        TestHttp.Answer stranger = register("stranger@x.test");
        TestHttp.Answer invited = register("never-registered@acme.example.test");

        // Then
        assertThat(stranger.status()).isEqualTo(400);
        assertThat(stranger.message()).isEqualTo("Registration not allowed or user already exists");
        assertThat(invited.status()).isEqualTo(200);
    }

    @Test
    void registrationInTwoStepsNeedsTheTokenOfTheFirst() throws IOException {
        // Given
        start(SandboxConfig.builder());
        String token = http.post(
                        "/identity/accounts/register/send-verification-email",
                        "",
                        Map.of("email", NEW, "name", "New", "receiveMarketingEmails", false))
                .json()
                .textValue();
        Map<String, Object> kdf = Map.of("kdfType", 1, "iterations", 3, "memory", 64, "parallelism", 4);
        Map<String, Object> body = new HashMap<>();
        body.put("email", NEW);
        body.put(
                "masterPasswordAuthentication",
                Map.of("kdf", kdf, "salt", NEW, "masterPasswordAuthenticationHash", "aGFzaA=="));
        body.put("masterPasswordUnlock", Map.of("kdf", kdf, "salt", NEW, "masterKeyWrappedUserKey", "2.a|b|c"));
        body.put("userAsymmetricKeys", Map.of("publicKey", "MIIB", "encryptedPrivateKey", "2.a|b|c"));

        // When
        TestHttp.Answer without = http.post("/identity/accounts/register/finish", "", body);
        body.put("emailVerificationToken", token);
        TestHttp.Answer with = http.post("/identity/accounts/register/finish", "", body);

        // Then
        assertThat(without.status()).isEqualTo(400);
        assertThat(with.status()).isEqualTo(200);
        JsonNode prelogin = http.post("/identity/accounts/prelogin", "", Map.of("email", NEW))
                .json();
        assertThat(prelogin.get("kdfMemory").intValue()).isEqualTo(64);
        assertThat(http.logInWith(NEW, "aGFzaA==").status()).isEqualTo(200);
    }

    @Test
    void groupsThatAreSwitchedOffListNothingAndRefuseTheRest() throws IOException {
        // Given
        start(SandboxConfig.builder().seed(Seed.recorded()).groupsEnabled(false));
        String owner = http.logInOwner();

        // When
        JsonNode list = http.get(ORGANIZATION + "/groups", owner).json();
        TestHttp.Answer made = http.post(
                ORGANIZATION + "/groups", owner, Map.of("name", "g", "collections", List.of(), "users", List.of()));

        // Then
        assertThat(list.get("data")).isEmpty();
        assertThat(made.message()).isEqualTo("Group support is disabled");
        assertThat(http.get(ORGANIZATION, owner).json().get("useGroups").booleanValue())
                .isFalse();
    }

    @Test
    void aGroupKeepsItsFirstExternalId() throws IOException {
        // Given
        String owner = startRecorded();
        String id = http.post(
                        ORGANIZATION + "/groups",
                        owner,
                        Map.of(
                                "name",
                                "g",
                                "externalId",
                                "one",
                                "collections",
                                List.of(),
                                "users",
                                List.of(ALICE_MEMBER)))
                .json()
                .get("id")
                .textValue();

        // When
        JsonNode changed = http.put(
                        ORGANIZATION + "/groups/" + id,
                        owner,
                        Map.of("name", "h", "externalId", "two", "collections", List.of(), "users", List.of()))
                .json();

        // Then
        assertThat(changed.get("name").textValue()).isEqualTo("h");
        assertThat(changed.get("externalId").textValue()).isEqualTo("one");
        assertThat(http.get(ORGANIZATION + "/groups/" + id + "/users", owner).json())
                .isEmpty();
    }

    @Test
    void bulkAccessReplacesWhatWasThere() throws IOException {
        // Given
        String owner = startRecorded();

        // When
        TestHttp.Answer answer = http.post(
                ORGANIZATION + "/collections/bulk-access",
                owner,
                Map.of("collectionIds", List.of(ENGINEERING), "groups", List.of(), "users", List.of()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        JsonNode details = http.get(ORGANIZATION + "/collections/" + ENGINEERING + "/details", owner)
                .json();
        assertThat(details.get("groups")).isEmpty();
        assertThat(details.get("users")).hasSize(3);
    }
}
