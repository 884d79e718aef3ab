package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Signs links to files. Whoever has a link may download, for a short time, without being logged in. */
final class AttachmentLinks {

    private final Tokens tokens;
    private final String baseUrl;
    private final Duration lifetime;
    private final InstantSource clock;

    AttachmentLinks(Tokens tokens, String baseUrl, Duration lifetime, InstantSource clock) {
        this.tokens = tokens;
        this.baseUrl = baseUrl;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    String linkTo(String itemId, String attachmentId) {
        ObjectNode claims = Json.object().put("sub", itemId).put("file_id", attachmentId);
        String token = tokens.sign(Tokens.Purpose.FILE_DOWNLOAD, claims, clock.instant(), lifetime);
        return baseUrl + "/attachments/" + itemId + "/" + attachmentId + "?token=" + token;
    }

    boolean allows(String token, String itemId, String attachmentId) {
        Optional<JsonNode> claims = tokens.check(Tokens.Purpose.FILE_DOWNLOAD, token, clock.instant());
        return claims.filter(c -> c.path("sub").asText().equals(itemId)
                        && c.path("file_id").asText().equals(attachmentId))
                .isPresent();
    }
}
