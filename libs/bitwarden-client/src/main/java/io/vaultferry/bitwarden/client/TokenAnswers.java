package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import io.vaultferry.bitwarden.crypto.InvalidKeyException;
import io.vaultferry.bitwarden.crypto.Kdf;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what the identity server answers. Its refusals are told apart by their texts, because servers give no codes
 * that differ: the official ones as in {@code BaseRequestValidator.cs} and {@code DeviceValidator.cs} of
 * bitwarden/server, Vaultwarden's as recorded and as in its {@code identity.rs}.
 */
final class TokenAnswers {
    private static final int LONGEST_LIFE_SECONDS = 7 * 24 * 3600;
    private static final Pattern ABOUT_PASSWORD =
            Pattern.compile("(?i).*(username or password|invalid_username_or_password).*", Pattern.DOTALL);
    private static final Pattern ABOUT_TWO_FACTOR = Pattern.compile(
            "(?i).*(totp|two-?step|two-?factor|2fa|yubi|recovery code|token is invalid|invalid token|\\bcode\\b).*",
            Pattern.DOTALL);
    private static final Pattern ABOUT_SINGLE_SIGN_ON =
            Pattern.compile("(?i)\\bsso\\b.*(required|mandatory).*", Pattern.DOTALL);

    private TokenAnswers() {}

    /** What was sent, as far as the meaning of a refusal depends on it. */
    enum Grant {
        PASSWORD,
        PASSWORD_WITH_CODE,
        API_KEY,
        REFRESH
    }

    static Prelogin prelogin(JsonObject json) {
        Optional<JsonObject> settings = json.object("kdfSettings");
        Kdf kdf = settings.isPresent() ? nestedKdf(settings.get(), "kdfType") : flatKdf(json);
        return new Prelogin(kdf, json.filledText("salt"));
    }

    static Tokens tokens(JsonObject json, Instant now) {
        int seconds = Math.clamp(json.optionalInteger("expires_in").orElse(0), 0, LONGEST_LIFE_SECONDS);
        try {
            return new Tokens(
                    AccessToken.of(json.text("access_token"), now.plusSeconds(seconds)),
                    json.filledText("refresh_token").map(RefreshToken::of));
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolationException("The answer's member 'access_token' is no token.");
        }
    }

    /** Prefers {@code MasterPasswordUnlock} and {@code AccountKeys}, which replace the flat members. */
    static Login login(JsonObject json, Instant now) {
        Tokens tokens = tokens(json, now);
        Optional<JsonObject> options = json.object("UserDecryptionOptions");
        if (options.isPresent()
                && options.get().has("HasMasterPassword")
                && !options.get().flag("HasMasterPassword")) {
            throw new LoginRefusedException(Reason.NO_MASTER_PASSWORD);
        }
        Optional<JsonObject> unlock = options.flatMap(o -> o.object("MasterPasswordUnlock"));
        Optional<JsonObject> nested = unlock.flatMap(u -> u.object("Kdf"));
        Kdf kdf = nested.isPresent() ? nestedKdf(nested.get(), "KdfType") : flatKdf(json);
        String userKey = unlock.flatMap(u -> u.filledText("MasterKeyEncryptedUserKey"))
                .or(() -> json.filledText("Key"))
                .orElseThrow(() -> new LoginRefusedException(Reason.LEGACY_ENCRYPTION));
        String privateKey = json.object("AccountKeys")
                .flatMap(keys -> keys.object("publicKeyEncryptionKeyPair"))
                .flatMap(pair -> pair.filledText("wrappedPrivateKey"))
                .or(() -> json.filledText("PrivateKey"))
                .orElseThrow(() -> new ProtocolViolationException("The answer lacks the member 'PrivateKey'."));
        return new Login(tokens, kdf, unlock.flatMap(u -> u.filledText("Salt")).orElse(null), userKey, privateKey);
    }

    static LoginRefusedException refusal(JsonObject json, Grant grant) {
        String error = ApiCaller.looseText(json, "error");
        String description = ApiCaller.looseText(json, "error_description");
        String all = String.join(" ", ApiCaller.message(json), description);
        if (json.has("TwoFactorProviders2") || json.has("TwoFactorProviders")) {
            return new LoginRefusedException(Reason.TWO_FACTOR_REQUIRED, providers(json));
        }
        return new LoginRefusedException(reason(json, grant, error, all), Set.of(), ServerText.clean(all));
    }

    private static Reason reason(JsonObject json, Grant grant, String error, String text) {
        if (error.equals("device_error")) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.contains("device verification required")) {
                return Reason.NEW_DEVICE_VERIFICATION_REQUIRED;
            }
            return lower.contains("otp") ? Reason.WRONG_NEW_DEVICE_CODE : Reason.OTHER;
        }
        if (error.equals("invalid_client_version") || error.equals("version_header_missing")) {
            return Reason.CLIENT_TOO_OLD;
        }
        if (json.has("SsoOrganizationIdentifier")
                || ABOUT_SINGLE_SIGN_ON.matcher(text).find()) {
            return Reason.SINGLE_SIGN_ON_REQUIRED;
        }
        if (text.contains("Legacy encryption")) {
            return Reason.LEGACY_ENCRYPTION;
        }
        return switch (grant) {
            case REFRESH -> Reason.SESSION_ENDED;
            case API_KEY ->
                error.equals("invalid_client") || text.contains("client_id") || text.contains("client_secret")
                        ? Reason.WRONG_API_KEY
                        : Reason.OTHER;
            case PASSWORD_WITH_CODE ->
                ABOUT_PASSWORD.matcher(text).matches()
                        ? Reason.WRONG_PASSWORD
                        : ABOUT_TWO_FACTOR.matcher(text).matches() ? Reason.WRONG_TWO_FACTOR_CODE : Reason.OTHER;
            case PASSWORD -> ABOUT_PASSWORD.matcher(text).matches() ? Reason.WRONG_PASSWORD : Reason.OTHER;
        };
    }

    /** The keys of the one member, or the elements of the other, as texts or numbers. */
    private static Set<TwoFactorProvider> providers(JsonObject json) {
        Set<TwoFactorProvider> providers = EnumSet.noneOf(TwoFactorProvider.class);
        json.tree().forEach((member, value) -> {
            if (member.equalsIgnoreCase("TwoFactorProviders2") && value instanceof Map<?, ?> map) {
                map.keySet().forEach(code -> provider(code).ifPresent(providers::add));
            } else if (member.equalsIgnoreCase("TwoFactorProviders") && value instanceof List<?> list) {
                list.forEach(code -> provider(code).ifPresent(providers::add));
            }
        });
        return providers;
    }

    private static Optional<TwoFactorProvider> provider(Object code) {
        try {
            return TwoFactorProvider.ofCode(Integer.parseInt(String.valueOf(code)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Kdf nestedKdf(JsonObject settings, String type) {
        return kdf(
                settings.optionalInteger(type),
                settings.optionalInteger("iterations"),
                settings.optionalInteger("memory"),
                settings.optionalInteger("parallelism"));
    }

    private static Kdf flatKdf(JsonObject json) {
        return kdf(
                json.optionalInteger("kdf"),
                json.optionalInteger("kdfIterations"),
                json.optionalInteger("kdfMemory"),
                json.optionalInteger("kdfParallelism"));
    }

    private static Kdf kdf(OptionalInt type, OptionalInt iterations, OptionalInt memory, OptionalInt parallelism) {
        try {
            return switch (type.orElse(-1)) {
                case 0 -> new Kdf.Pbkdf2(iterations.orElse(0));
                case 1 -> new Kdf.Argon2id(iterations.orElse(0), memory.orElse(0), parallelism.orElse(0));
                default -> throw new ProtocolViolationException("The answer names no known key derivation.");
            };
        } catch (InvalidKeyException e) {
            throw new LoginRefusedException(Reason.WEAK_KEY_DERIVATION);
        }
    }
}
