package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Request;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Account.Device;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Logs people in: by password, by API key, by refresh token; and recognizes them by their access token. */
final class TokenEndpoint {

    private static final Duration REFRESH_LIFETIME = Duration.ofDays(30);
    private static final String USER_CLIENT = "user.";
    private static final String AUTHENTICATOR = "0";
    private static final DateTimeFormatter SERVER_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Vault vault;
    private final Tokens tokens;
    private final PolicyEndpoints policies;
    private final Duration accessTokenLifetime;

    TokenEndpoint(Vault vault, Tokens tokens, PolicyEndpoints policies, Duration accessTokenLifetime) {
        this.vault = vault;
        this.tokens = tokens;
        this.policies = policies;
        this.accessTokenLifetime = accessTokenLifetime;
    }

    void addTo(Endpoints endpoints) {
        endpoints.open("POST", "/identity/connect/token", this::grant);
    }

    /** The account whose genuine, unexpired and still valid access token this is. */
    Optional<Account> accountOf(String authorization) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return tokens.check(Tokens.Purpose.LOGIN, authorization.substring(7).strip(), vault.now())
                .filter(claims -> claims.has("sstamp"))
                .flatMap(claims -> vault.account(claims.path("sub").asText())
                        .filter(account -> account.securityStamp.equals(
                                claims.path("sstamp").asText()))
                        .filter(account -> account.devices.containsKey(
                                claims.path("device").asText())));
    }

    private Response grant(Call call) {
        Map<String, String> form = Request.decodeForm(new String(call.body(), StandardCharsets.UTF_8));
        String type = Optional.ofNullable(form.get("grant_type")).orElseThrow(Refusal::unprocessable);
        return switch (type) {
            case "password" -> byPassword(form);
            case "client_credentials" -> byApiKey(form);
            case "refresh_token" -> byRefreshToken(form);
            default -> throw Refusal.invalid("Invalid type");
        };
    }

    private static String require(Map<String, String> form, String... names) {
        String value = names.length == 2 ? form.get(names[1]) : form.get(names[0]);
        if (value == null) {
            value = form.get(names[0]);
        }
        if (value == null || value.isEmpty()) {
            throw Refusal.invalid(names[0] + " cannot be blank");
        }
        return value;
    }

    private static void requireDevice(Map<String, String> form) {
        require(form, "device_identifier", "deviceIdentifier");
        require(form, "device_name", "deviceName");
        require(form, "device_type", "deviceType");
    }

    private Response byPassword(Map<String, String> form) {
        String clientId = require(form, "client_id");
        String password = require(form, "password");
        String scope = require(form, "scope");
        String username = require(form, "username");
        requireDevice(form);
        if (!scope.equals("api offline_access")) {
            throw Refusal.invalid("Scope not supported");
        }
        Account account = vault.accountByEmail(username)
                .filter(Account::isRegistered)
                .filter(a -> a.passwordHash.matches(password))
                .orElseThrow(() -> Refusal.invalid("Username or password is incorrect. Try again"));
        if (account.hasTwoFactor()) {
            requireSecondFactor(account, form);
        }
        Device device = rememberDevice(account, form);
        ObjectNode json = Json.object();
        json.put("access_token", accessToken(account, device, clientId, scope));
        json.put("expires_in", accessTokenLifetime.toSeconds());
        json.put("token_type", "Bearer");
        json.put("refresh_token", refreshToken(account, device, clientId));
        addAccount(json, account);
        json.set("MasterPasswordPolicy", policies.masterPasswordPolicy(account));
        json.put("scope", scope);
        return Json.ok(json);
    }

    private void requireSecondFactor(Account account, Map<String, String> form) {
        String code = form.get("twoFactorToken");
        String provider = form.getOrDefault("twoFactorProvider", AUTHENTICATOR);
        if (code == null || !provider.equals(AUTHENTICATOR)) {
            ObjectNode body = Json.object();
            body.put("error", "invalid_grant");
            body.put("error_description", "Two factor required.");
            body.putArray("TwoFactorProviders").add(AUTHENTICATOR);
            body.putObject("TwoFactorProviders2").putNull(AUTHENTICATOR);
            body.putObject("MasterPasswordPolicy").put("Object", "masterPasswordPolicy");
            throw Refusal.special(body);
        }
        OptionalLong step = Totp.stepOf(account.totpSecret, code, vault.now());
        // A code is good for one login only.
        if (step.isEmpty() || step.getAsLong() <= account.totpLastStep) {
            throw Refusal.invalid(
                    "Invalid TOTP code! Server time: " + SERVER_TIME.format(vault.now()) + " IP: 127.0.0.1");
        }
        account.totpLastStep = step.getAsLong();
    }

    private Response byApiKey(Map<String, String> form) {
        String clientId = require(form, "client_id");
        String secret = require(form, "client_secret");
        String scope = require(form, "scope");
        requireDevice(form);
        if (!scope.equals("api")) {
            throw Refusal.invalid("Scope not supported");
        }
        if (!clientId.startsWith(USER_CLIENT)) {
            throw Refusal.invalid("Malformed client_id");
        }
        Account account = vault.account(clientId.substring(USER_CLIENT.length()))
                .orElseThrow(() -> Refusal.invalid("Invalid client_id"));
        if (!secret.equals(account.apiKey)) {
            throw Refusal.invalid("Incorrect client_secret");
        }
        Device device = rememberDevice(account, form);
        ObjectNode json = Json.object();
        json.put("access_token", accessToken(account, device, clientId, scope));
        json.put("expires_in", accessTokenLifetime.toSeconds());
        json.put("token_type", "Bearer");
        addAccount(json, account);
        json.put("scope", scope);
        return Json.ok(json);
    }

    private Response byRefreshToken(Map<String, String> form) {
        String token = require(form, "refresh_token");
        Optional<JsonNode> claims = tokens.check(Tokens.Purpose.LOGIN, token, vault.now());
        Optional<Account> account =
                claims.flatMap(c -> vault.account(c.path("user").asText()));
        Optional<Device> device = account.flatMap(a -> a.devices.values().stream()
                .filter(d -> d.refreshSecret()
                        .equals(claims.get().path("device_token").asText()))
                .findFirst());
        if (device.isEmpty()) {
            throw Refusal.special(Json.object().put("error", "invalid_grant"));
        }
        String clientId = claims.get().path("client").asText();
        String scope = "api offline_access";
        ObjectNode json = Json.object();
        json.put("refresh_token", refreshToken(account.get(), device.get(), clientId));
        json.put("access_token", accessToken(account.get(), device.get(), clientId, scope));
        json.put("expires_in", accessTokenLifetime.toSeconds());
        json.put("token_type", "Bearer");
        json.put("scope", scope);
        return Json.ok(json);
    }

    private Device rememberDevice(Account account, Map<String, String> form) {
        String identifier = require(form, "device_identifier", "deviceIdentifier");
        int type;
        try {
            type = Integer.parseInt(require(form, "device_type", "deviceType"));
        } catch (NumberFormatException e) {
            throw Refusal.unprocessable();
        }
        String refreshSecret = Optional.ofNullable(account.devices.get(identifier))
                .map(Device::refreshSecret)
                .orElseGet(vault::newSecret);
        Device device = new Device(identifier, require(form, "device_name", "deviceName"), type, refreshSecret);
        account.devices.put(identifier, device);
        return device;
    }

    private String accessToken(Account account, Device device, String clientId, String scope) {
        ObjectNode claims = Json.object();
        claims.put("sub", account.id);
        claims.put("premium", true);
        claims.put("name", account.name);
        claims.put("email", account.email);
        claims.put("email_verified", true);
        claims.put("sstamp", account.securityStamp);
        claims.put("device", device.identifier());
        claims.put("devicetype", deviceTypeName(device.type()));
        claims.put("client_id", clientId);
        claims.set(
                "scope",
                Json.arrayOf(
                        java.util.List.of(scope.split(" ", -1)), com.fasterxml.jackson.databind.node.ArrayNode::add));
        claims.putArray("amr").add("Application");
        return tokens.sign(Tokens.Purpose.LOGIN, claims, vault.now(), accessTokenLifetime);
    }

    private String refreshToken(Account account, Device device, String clientId) {
        ObjectNode claims = Json.object();
        claims.put("sub", "password");
        claims.put("user", account.id);
        claims.put("client", clientId);
        claims.put("device_token", device.refreshSecret());
        claims.putNull("token");
        return tokens.sign(Tokens.Purpose.LOGIN, claims, vault.now(), REFRESH_LIFETIME);
    }

    private static String deviceTypeName(int type) {
        return switch (type) {
            case 8 -> "Linux Desktop";
            case 9 -> "Chrome Browser";
            case 14 -> "Unknown Browser";
            case 21 -> "SDK";
            case 22 -> "Server";
            case 23 -> "Windows CLI";
            case 24 -> "macOS CLI";
            case 25 -> "Linux CLI";
            default -> "Unknown Type";
        };
    }

    private static void addAccount(ObjectNode json, Account account) {
        json.put("Key", account.key);
        json.put("PrivateKey", account.privateKey);
        json.put("Kdf", account.kdf);
        json.put("KdfIterations", account.kdfIterations);
        json.put("KdfMemory", account.kdfMemory);
        json.put("KdfParallelism", account.kdfParallelism);
        json.put("ResetMasterPassword", false);
        json.put("ForcePasswordReset", false);
        if (account.privateKey == null) {
            json.putNull("AccountKeys");
        } else {
            ObjectNode keys = json.putObject("AccountKeys");
            ObjectNode pair = keys.putObject("publicKeyEncryptionKeyPair");
            pair.put("wrappedPrivateKey", account.privateKey);
            pair.put("publicKey", account.publicKey);
            pair.put("Object", "publicKeyEncryptionKeyPair");
            keys.put("Object", "privateKeys");
        }
        ObjectNode options = json.putObject("UserDecryptionOptions");
        options.put("HasMasterPassword", true);
        ObjectNode unlock = options.putObject("MasterPasswordUnlock");
        ObjectNode kdf = unlock.putObject("Kdf");
        kdf.put("KdfType", account.kdf);
        kdf.put("Iterations", account.kdfIterations);
        kdf.put("Memory", account.kdfMemory);
        kdf.put("Parallelism", account.kdfParallelism);
        unlock.put("MasterKeyEncryptedUserKey", account.key);
        unlock.put("MasterKeyWrappedUserKey", account.key);
        unlock.put("Salt", account.email);
        options.put("Object", "userDecryptionOptions");
    }
}
