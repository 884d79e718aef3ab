package io.vaultferry.orchestrator;

import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The recorded organization and its accounts, recorded 2026-11-23 against Vaultwarden 1.37.2: test data only. The sandbox
 * that holds them is started here too.
 */
public final class Recorded {

    public static final String PASSWORD = "correct horse battery staple 9";

    public static final String OWNER = "owner@acme.example.test";
    public static final String OWNER_ID = "06f75c4c-7096-4051-b680-aa58f47a516d";
    public static final String OWNER_API_KEY = "eE90S2HjOAMWrdyIqVdGFRQrW4xpon";
    public static final String OWNER_PASSWORD_HASH = "7IYtxB85nIJiX9+Ze9paESCr14qK9ttWRZx1JmZK/A8=";

    public static final String OWNER_PUBLIC_KEY =
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy6pxWLO/LL0q6TovEUlQDeT9SIiH++1jmHqJ3ZZOxUo5jd"
                    + "x/ZvL/g8gMzbokjfxCklfriUkbz76tR+a6OZmNhDfJG4SbNosp4ZK7BWQutSUWXDR9epLeXtkXn4FycEJ3efg1YxpM"
                    + "RBA7sS4uhNhTv/+cQyxVxd+np500lpscVE0sksxhI/Ab8R6mfAH7g8nZVELrE1EI62KTkulmQd8jqGqW9wl0Ks3gTZ"
                    + "ACehmSEUCPf+OmmH6QjwsOVtdeYjk2P02vC7lCSLngQ6Z9iOncWlKeXMoU6dp25+a5bTFFms7V/91IUZeq6czwaPxU"
                    + "I9IrR2NGmH4AUjXIylAQZufBZwIDAQAB";

    /** Argon2id. */
    public static final String ADMIN_ID = "e6d7cab3-8149-487f-8a3b-66cfb0b8920c";

    public static final String ADMIN_API_KEY = "InBZAkZo6UK1lmZ0UcAASKLvurXGIA";

    /** A plain member, with PBKDF2 of 100,000 iterations. */
    public static final String ALICE = "alice@acme.example.test";

    public static final String TOTP = "totp@acme.example.test";
    public static final String TOTP_SECRET = "BO6MLQR2IGWZJY7CJRRWZMWKDPBAOVBD";

    public static final String ORGANIZATION_ID = "d34adb66-fc99-44ab-ae6b-78ef38ce20a5";
    public static final String ORGANIZATION_NAME = "Acme ✓ GmbH";
    public static final String ORGANIZATION_KEY =
            "16n6aZaXvUI7yowrpt0i0BF+ZrlYTAw6yuxrHJB1FJEz1yvFB0lHXLz/bMufdlx9zUQU+MZeFycNPisvz40eIw==";

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Recorded() {}

    /** A server that holds the recorded organization, under the test's authority. */
    public static Sandbox server(String tlsDirectory, UnaryOperator<SandboxConfig.Builder> changes) {
        return Sandbox.start(
                changes.apply(SandboxConfig.builder().seed(Seed.recorded()).tlsDirectory(Path.of(tlsDirectory)))
                        .build());
    }

    public static Map<String, Object> byPassword(Object serverUrl, String email, String password) {
        return Map.of(
                "name",
                "Old server",
                "serverUrl",
                serverUrl.toString(),
                "credentials",
                Map.of("type", "password", "email", email, "masterPassword", password));
    }

    public static Map<String, Object> byPassword(Object serverUrl, String email, String password, String totp) {
        return Map.of(
                "name",
                "Old server",
                "serverUrl",
                serverUrl.toString(),
                "credentials",
                Map.of("type", "password", "email", email, "masterPassword", password, "totp", totp));
    }

    public static Map<String, Object> byApiKey(Object serverUrl, String userId, String secret, String password) {
        return Map.of(
                "name",
                "Old server",
                "serverUrl",
                serverUrl.toString(),
                "credentials",
                Map.of(
                        "type",
                        "apiKey",
                        "clientId",
                        "user." + userId,
                        "clientSecret",
                        secret,
                        "masterPassword",
                        password));
    }

    /** The code that an authenticator shows now (RFC 6238). */
    public static String code() {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(base32(TOTP_SECRET), "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8)
                    .putLong(Instant.now().getEpochSecond() / 30)
                    .array());
            int truncated = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & 0x7fff_ffff;
            return String.format("%06d", truncated % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA1", e);
        }
    }

    private static byte[] base32(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        long bits = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            bits = bits << 5 | BASE32.indexOf(text.charAt(i));
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.put((byte) (bits >> count));
            }
        }
        return bytes.array();
    }
}
