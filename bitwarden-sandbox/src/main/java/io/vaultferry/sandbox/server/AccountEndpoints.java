package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Accounts: registration, profile, synchronization, keys, two-step login. */
final class AccountEndpoints {

    private static final int PBKDF2 = 0;
    private static final int ARGON2ID = 1;
    private static final int LONGEST_NAME = 50;
    private static final int TOTP_SECRET_BYTES = 20;
    private static final Duration REGISTRATION_LIFETIME = Duration.ofMinutes(30);

    private final Vault vault;
    private final Tokens tokens;
    private final Passwords passwords;
    private final MemberEndpoints members;
    private final CollectionEndpoints collections;
    private final ItemEndpoints items;
    private final boolean signupsAllowed;
    private final boolean groupsEnabled;

    AccountEndpoints(
            Vault vault,
            Tokens tokens,
            Passwords passwords,
            MemberEndpoints members,
            CollectionEndpoints collections,
            ItemEndpoints items,
            boolean signupsAllowed,
            boolean groupsEnabled) {
        this.vault = vault;
        this.tokens = tokens;
        this.passwords = passwords;
        this.members = members;
        this.collections = collections;
        this.items = items;
        this.signupsAllowed = signupsAllowed;
        this.groupsEnabled = groupsEnabled;
    }

    void addTo(Endpoints endpoints) {
        endpoints.open("POST", "/identity/accounts/prelogin", this::prelogin);
        endpoints.open("POST", "/identity/accounts/prelogin/password", this::prelogin);
        endpoints.open("POST", "/api/accounts/prelogin", this::prelogin);
        endpoints.open("POST", "/identity/accounts/register", this::register);
        endpoints.open("POST", "/identity/accounts/register/send-verification-email", this::startRegistration);
        endpoints.open("POST", "/identity/accounts/register/finish", this::finishRegistration);
        endpoints.post("/api/accounts/keys", this::addKeys);
        endpoints.get("/api/accounts/profile", call -> Json.ok(profile(call.account())));
        endpoints.putOrPost("/api/accounts/profile", this::rename);
        endpoints.get("/api/accounts/revision-date", this::revisionDate);
        endpoints.get("/api/sync", this::sync);
        endpoints.get("/api/users/{user}/public-key", this::publicKey);
        endpoints.post("/api/accounts/api-key", call -> apiKey(call, false));
        endpoints.post("/api/accounts/rotate-api-key", call -> apiKey(call, true));
        endpoints.post("/api/accounts/verify-password", this::verifyPassword);
        endpoints.post("/api/accounts/security-stamp", this::endSessions);
        endpoints.get("/api/folders", call -> Json.ok(Json.list(Json.array())));
        endpoints.get("/api/two-factor", this::listTwoFactor);
        endpoints.post("/api/two-factor/get-authenticator", this::proposeAuthenticator);
        endpoints.putOrPost("/api/two-factor/authenticator", this::activateAuthenticator);
        endpoints.putOrPost("/api/two-factor/disable", this::disableTwoFactor);
    }

    // ---- registering

    private Response prelogin(Call call) {
        // Of unknown people the answer is that of a fresh account, so that it tells nothing.
        Account account = vault.accountByEmail(call.json().text("email")).orElseGet(Account::new);
        ObjectNode json = Json.object();
        json.put("kdf", account.kdf);
        json.put("kdfIterations", account.kdfIterations);
        json.put("kdfMemory", account.kdfMemory);
        json.put("kdfParallelism", account.kdfParallelism);
        json.set("kdfSettings", kdfSettings(account));
        json.putNull("salt");
        return Json.ok(json);
    }

    private static ObjectNode kdfSettings(Account account) {
        ObjectNode json = Json.object();
        json.put("kdfType", account.kdf);
        json.put("iterations", account.kdfIterations);
        json.put("memory", account.kdfMemory);
        json.put("parallelism", account.kdfParallelism);
        return json;
    }

    private record Kdf(int type, int iterations, Integer memory, Integer parallelism) {

        static Kdf flat(Json json) {
            return of(json, "kdf", "kdfIterations", "kdfMemory", "kdfParallelism");
        }

        static Kdf nested(Json json) {
            return of(json, "kdfType", "iterations", "memory", "parallelism");
        }

        private static Kdf of(Json json, String type, String iterations, String memory, String parallelism) {
            Kdf kdf = new Kdf(
                    json.number(type),
                    json.number(iterations),
                    json.optionalNumber(memory).orElse(null),
                    json.optionalNumber(parallelism).orElse(null));
            kdf.check();
            return kdf;
        }

        private void check() {
            switch (type) {
                case PBKDF2 -> {
                    if (iterations < Vaultwarden.FEWEST_PBKDF2_ITERATIONS) {
                        throw Refusal.invalid(
                                "PBKDF2 KDF iterations must be at least " + Vaultwarden.FEWEST_PBKDF2_ITERATIONS + ".");
                    }
                }
                case ARGON2ID -> {
                    if (iterations < 1) {
                        throw Refusal.invalid("Argon2 KDF iterations must be at least 1.");
                    }
                    if (memory == null || memory < 15 || memory > 1024) {
                        throw Refusal.invalid("Argon2 memory must be between 15 MB and 1024 MB.");
                    }
                    if (parallelism == null || parallelism < 1 || parallelism > 16) {
                        throw Refusal.invalid("Argon2 parallelism must be between 1 and 16.");
                    }
                }
                default -> throw Refusal.unprocessable();
            }
        }
    }

    /** What a registration brings, in its old form or its new one. */
    private record Registration(
            String email,
            Optional<String> name,
            Kdf kdf,
            String passwordHash,
            String key,
            Optional<String> publicKey,
            Optional<String> privateKey) {

        static Registration read(Json body) {
            String email = body.text("email");
            Optional<Json> keys = body.optionalObject("userAsymmetricKeys").or(() -> body.optionalObject("keys"));
            Optional<String> publicKey = keys.map(k -> k.text("publicKey"));
            Optional<String> privateKey = keys.map(k -> k.text("encryptedPrivateKey"));
            if (body.has("masterPasswordAuthentication")) {
                Json authentication = body.object("masterPasswordAuthentication");
                Json unlock = body.object("masterPasswordUnlock");
                Kdf kdf = Kdf.nested(authentication.object("kdf"));
                boolean consistent = kdf.equals(Kdf.nested(unlock.object("kdf")))
                        && Stream.of(authentication, unlock)
                                .allMatch(part -> part.text("salt").equals(Vault.normalize(email)));
                if (!consistent) {
                    throw Refusal.unprocessable();
                }
                return new Registration(
                        email,
                        body.optionalText("name"),
                        kdf,
                        authentication.text("masterPasswordAuthenticationHash"),
                        unlock.text("masterKeyWrappedUserKey"),
                        publicKey,
                        privateKey);
            }
            return new Registration(
                    email,
                    body.optionalText("name"),
                    Kdf.flat(body),
                    body.text("masterPasswordHash"),
                    body.optionalText("userSymmetricKey").orElseGet(() -> body.text("key")),
                    publicKey,
                    privateKey);
        }
    }

    private Response register(Call call) {
        return register(Registration.read(call.json()), Optional.empty());
    }

    private Response startRegistration(Call call) {
        Json body = call.json();
        String email = body.text("email");
        requireRegistrationAllowed(email);
        ObjectNode claims = Json.object().put("sub", email);
        body.optionalText("name").ifPresent(name -> claims.put("name", name));
        String token = tokens.sign(Tokens.Purpose.REGISTRATION, claims, vault.now(), REGISTRATION_LIFETIME);
        return Response.text(200, "application/json", "\"" + token + "\"");
    }

    private Response finishRegistration(Call call) {
        Json body = call.json();
        Registration registration = Registration.read(body);
        JsonNode claims = tokens.check(
                        Tokens.Purpose.REGISTRATION,
                        body.optionalText("emailVerificationToken")
                                .orElseThrow(() -> Refusal.invalid("Registration is missing required parameters")),
                        vault.now())
                .orElseThrow(() -> Refusal.invalid("Invalid claim"));
        if (!claims.path("sub").asText().equals(registration.email())) {
            throw Refusal.invalid("Email verification token does not match email");
        }
        return register(registration, Optional.ofNullable(claims.path("name").textValue()));
    }

    private void requireRegistrationAllowed(String email) {
        boolean taken =
                vault.accountByEmail(email).filter(Account::isRegistered).isPresent();
        boolean invited = vault.state().invitations.contains(Vault.normalize(email));
        if (taken || !(signupsAllowed || invited)) {
            throw Refusal.invalid("Registration not allowed or user already exists");
        }
    }

    private Response register(Registration registration, Optional<String> nameFromToken) {
        Optional<String> name = registration.name().or(() -> nameFromToken);
        if (name.filter(n -> n.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME)
                .isPresent()) {
            throw Refusal.invalid("The field Name must be a string with a maximum length of 50.");
        }
        if (registration.passwordHash().isEmpty()) {
            throw Refusal.unprocessable();
        }
        requireRegistrationAllowed(registration.email());
        Account account =
                vault.accountByEmail(registration.email()).orElseGet(() -> vault.addAccount(registration.email()));
        account.name = name.orElse(account.email);
        account.passwordHash = PasswordHash.of(registration.passwordHash());
        account.kdf = registration.kdf().type();
        account.kdfIterations = registration.kdf().iterations();
        account.kdfMemory = registration.kdf().memory();
        account.kdfParallelism = registration.kdf().parallelism();
        account.key = registration.key();
        account.publicKey = registration.publicKey().orElse(null);
        account.privateKey = registration.privateKey().orElse(null);
        if (vault.state().invitations.remove(account.email)) {
            members.acceptInvitationsOf(account);
        }
        ObjectNode json = Json.object();
        json.put("object", "register");
        json.put("captchaBypassToken", "");
        return Json.ok(json);
    }

    // ---- profile and synchronization

    private Response addKeys(Call call) {
        Json body = call.json();
        Account account = call.account();
        account.publicKey = body.text("publicKey");
        account.privateKey = body.text("encryptedPrivateKey");
        ObjectNode json = Json.object();
        json.put("privateKey", account.privateKey);
        json.put("publicKey", account.publicKey);
        json.put("object", "keys");
        return Json.ok(json);
    }

    private Response rename(Call call) {
        Account account = call.account();
        account.name = call.json().text("name");
        vault.touch(account);
        return Json.ok(profile(account));
    }

    private Response revisionDate(Call call) {
        return Response.text(
                200, "application/json", Long.toString(call.account().revisedAt.toEpochMilli()));
    }

    private ObjectNode profile(Account account) {
        ObjectNode json = Json.object();
        json.put("_status", 0);
        if (account.privateKey == null) {
            json.putNull("accountKeys");
        } else {
            ObjectNode keys = json.putObject("accountKeys");
            ObjectNode pair = keys.putObject("publicKeyEncryptionKeyPair");
            pair.put("wrappedPrivateKey", account.privateKey);
            pair.put("publicKey", account.publicKey);
            pair.putNull("signedPublicKey");
            pair.put("object", "publicKeyEncryptionKeyPair");
            keys.putNull("securityState");
            keys.putNull("signatureKeyPair");
            keys.put("object", "privateKeys");
        }
        json.put("id", account.id);
        json.put("name", account.name);
        json.put("email", account.email);
        json.put("emailVerified", true);
        json.put("premium", true);
        json.put("premiumFromOrganization", false);
        json.put("culture", "en-US");
        json.put("twoFactorEnabled", account.hasTwoFactor());
        json.put("key", account.key);
        json.put("privateKey", account.privateKey);
        json.put("securityStamp", account.securityStamp);
        ArrayNode organizations = json.putArray("organizations");
        vault.organizations()
                .forEach(organization -> organization
                        .memberOf(account.id)
                        .filter(Member::isConfirmed)
                        .map(member -> OrganizationEndpoints.profileJson(organization, member, groupsEnabled))
                        .ifPresent(organizations::add));
        json.putArray("providers");
        json.putArray("providerOrganizations");
        json.put("forcePasswordReset", false);
        json.putNull("avatarColor");
        json.put("usesKeyConnector", false);
        json.put("creationDate", Json.date(account.createdAt));
        json.put("object", "profile");
        return json;
    }

    private Response sync(Call call) {
        Account account = call.account();
        ObjectNode profile = profile(account);
        ArrayNode visibleCollections = collections.visibleTo(account);
        ArrayNode policies = Json.array();
        vault.organizations()
                .filter(organization -> organization
                        .memberOf(account.id)
                        .filter(Member::isConfirmed)
                        .isPresent())
                .forEach(organization -> organization
                        .policies
                        .values()
                        .forEach(policy -> policies.add(PolicyEndpoints.json(organization.id, policy))));
        boolean withSshKeys = knowsSshKeys(call);
        List<ItemView> views = items.visibleTo(account).stream()
                .filter(view -> withSshKeys || view.item().type() != Vaultwarden.SSH_KEY)
                .toList();
        boolean withDomains = !call.isAsked("excludeDomains");
        ObjectNode decryption = Json.object();
        decryption.set("masterPasswordUnlock", masterPasswordUnlock(account));
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeFieldName("profile");
            json.writeTree(profile);
            json.writeArrayFieldStart("folders");
            json.writeEndArray();
            json.writeFieldName("collections");
            json.writeTree(visibleCollections);
            json.writeFieldName("policies");
            json.writeTree(policies);
            json.writeArrayFieldStart("ciphers");
            for (ItemView view : views) {
                view.write(json, items.links());
            }
            json.writeEndArray();
            json.writeFieldName("domains");
            json.writeTree(withDomains ? domains() : null);
            json.writeArrayFieldStart("sends");
            json.writeEndArray();
            json.writeFieldName("userDecryption");
            json.writeTree(decryption);
            json.writeStringField("object", "sync");
            json.writeEndObject();
        });
    }

    private static ObjectNode domains() {
        ObjectNode json = Json.object();
        json.putArray("equivalentDomains");
        json.putArray("globalEquivalentDomains");
        json.put("object", "domains");
        return json;
    }

    private static ObjectNode masterPasswordUnlock(Account account) {
        ObjectNode json = Json.object();
        json.set("kdf", kdfSettings(account));
        json.put("masterKeyEncryptedUserKey", account.key);
        json.put("masterKeyWrappedUserKey", account.key);
        json.put("salt", account.email);
        return json;
    }

    /** Clients that do not say their version, or an old one, are kept from items that would confuse them. */
    private static boolean knowsSshKeys(Call call) {
        Optional<String> version = call.request().header("bitwarden-client-version");
        if (version.filter(v -> v.matches("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}")).isEmpty()) {
            return false;
        }
        String[] parts = version.get().split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            int difference = Integer.compare(Integer.parseInt(parts[i]), Vaultwarden.FIRST_CLIENT_WITH_SSH_KEYS[i]);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private Response publicKey(Call call) {
        Account account = vault.account(call.variable("user"))
                .filter(a -> a.publicKey != null)
                .orElseThrow(Refusal::hidden);
        ObjectNode json = Json.object();
        json.put("userId", account.id);
        json.put("publicKey", account.publicKey);
        json.put("object", "userKey");
        return Json.ok(json);
    }

    // ---- passwords and keys

    private Response apiKey(Call call, boolean rotate) {
        Account account = call.account();
        passwords.require(account, call.json());
        if (rotate || account.apiKey == null) {
            account.apiKey = vault.newSecret();
        }
        ObjectNode json = Json.object();
        json.put("apiKey", account.apiKey);
        json.put("revisionDate", Json.date(vault.now()));
        json.put("object", "apiKey");
        return Json.ok(json);
    }

    private Response verifyPassword(Call call) {
        passwords.require(call.account(), call.json());
        return Json.ok(Json.object().put("object", "masterPasswordPolicy"));
    }

    private Response endSessions(Call call) {
        passwords.require(call.account(), call.json());
        vault.endSessions(call.account());
        return Response.empty(200);
    }

    // ---- two-step login

    private Response listTwoFactor(Call call) {
        ArrayNode data = Json.array();
        if (call.account().hasTwoFactor()) {
            data.addObject().put("enabled", true).put("type", 0).put("object", "twoFactorProvider");
        }
        return Json.ok(Json.list(data));
    }

    private Response proposeAuthenticator(Call call) {
        Account account = call.account();
        passwords.require(account, call.json());
        String key = Objects.requireNonNullElseGet(
                account.totpSecret, () -> Totp.encode(vault.randomBytes(TOTP_SECRET_BYTES)));
        return authenticator(account.hasTwoFactor(), key);
    }

    private Response activateAuthenticator(Call call) {
        Json body = call.json();
        Account account = call.account();
        String key = body.text("key");
        String code = body.get("token").asText();
        passwords.require(account, body);
        if (Totp.decode(key).filter(bytes -> bytes.length == TOTP_SECRET_BYTES).isEmpty()) {
            throw Refusal.invalid("Invalid key length");
        }
        account.totpLastStep =
                Totp.stepOf(key, code, vault.now()).orElseThrow(() -> Refusal.invalid("Invalid TOTP code!"));
        account.totpSecret = key;
        vault.touch(account);
        return authenticator(true, key);
    }

    private static Response authenticator(boolean enabled, String key) {
        ObjectNode json = Json.object();
        json.put("enabled", enabled);
        json.put("key", key);
        json.put("object", "twoFactorAuthenticator");
        return Json.ok(json);
    }

    private Response disableTwoFactor(Call call) {
        Json body = call.json();
        passwords.require(call.account(), body);
        long type = body.numberOrText("type");
        call.account().totpSecret = null;
        vault.touch(call.account());
        return Json.ok(Json.object().put("enabled", false).put("type", type).put("object", "twoFactorProvider"));
    }
}
