package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks JSON web tokens. The real server signs with RSA; nobody but the server itself looks at the signature,
 * so an HMAC does, and a listing with thousands of signed links stays quick.
 */
final class Tokens {

    /** What a token is good for; part of its issuer, so that one cannot stand in for another. */
    enum Purpose {
        LOGIN("login"),
        FILE_DOWNLOAD("file_download"),
        REGISTRATION("register_verify");

        private final String suffix;

        Purpose(String suffix) {
            this.suffix = suffix;
        }
    }

    private static final long MILLIS = 1000;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));

    private final SecretKeySpec key;
    private final String issuer;

    Tokens(byte[] key, String issuer) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.issuer = issuer;
    }

    String sign(Purpose purpose, ObjectNode claims, Instant now, Duration lifetime) {
        ObjectNode all = Json.object();
        all.put("nbf", now.getEpochSecond());
        all.put("exp", Math.ceilDiv(now.plus(lifetime).toEpochMilli(), MILLIS));
        all.put("iss", issuer + "|" + purpose.suffix);
        all.setAll(claims);
        try {
            String signed = HEADER + "." + encode(Json.MAPPER.writeValueAsBytes(all));
            return signed + "." + encode(mac(signed));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
    }

    /** The claims of a token that is genuine, made for this purpose and not expired. */
    Optional<JsonNode> check(Purpose purpose, String token, Instant now) {
        int lastDot = token.lastIndexOf('.');
        int firstDot = token.indexOf('.');
        if (lastDot <= firstDot || !token.startsWith(HEADER + ".")) {
            return Optional.empty();
        }
        try {
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(lastDot + 1));
            if (!MessageDigest.isEqual(signature, mac(token.substring(0, lastDot)))) {
                return Optional.empty();
            }
            JsonNode claims =
                    Json.MAPPER.readTree(Base64.getUrlDecoder().decode(token.substring(firstDot + 1, lastDot)));
            boolean valid = claims.path("iss").asText().equals(issuer + "|" + purpose.suffix)
                    && now.toEpochMilli() < claims.path("exp").asLong() * MILLIS;
            return valid ? Optional.of(claims) : Optional.empty();
        } catch (IllegalArgumentException | IOException e) {
            return Optional.empty();
        }
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
