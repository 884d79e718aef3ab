package io.vaultferry.bitwarden.crypto;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The organization in {@code recorded-organization}: what a server stores, and what an independent client made of it. */
final class RecordedOrganization {
    static final String MASTER_PASSWORD = "correct horse battery staple 9";
    static final Map<String, Object> STORED = read("stored.json");
    static final Map<String, Object> DECRYPTED = read("decrypted.json");

    private RecordedOrganization() {}

    static List<Map<String, Object>> accounts() {
        return maps(STORED.get("accounts"));
    }

    static List<Map<String, Object>> items() {
        return maps(STORED.get("ciphers"));
    }

    static List<Map<String, Object>> attachmentsOf(Map<String, Object> item) {
        return item.get("attachments") == null ? List.of() : maps(item.get("attachments"));
    }

    static AttachmentKeys.Source sourceOf(Map<String, Object> item, Map<String, Object> attachment) {
        return new AttachmentKeys.Source(
                EncString.parseOptional((String) item.get("key")).orElse(null),
                EncString.parseOptional((String) attachment.get("key")).orElse(null),
                EncString.parse((String) attachment.get("fileName")));
    }

    static byte[] contentsOf(Map<String, Object> attachment) {
        return resource("attachments/" + attachment.get("id"));
    }

    static SymmetricKey organizationKey() {
        return SymmetricKey.takeOwnershipOf(
                Base64.getDecoder().decode((String) STORED.get("decryptedOrganizationKey")));
    }

    @SuppressWarnings("unchecked") // JSON objects have names of text.
    static Map<String, Object> map(Object json) {
        return (Map<String, Object>) json;
    }

    @SuppressWarnings("unchecked") // Only called where the recording has a list of objects.
    static List<Map<String, Object>> maps(Object json) {
        return (List<Map<String, Object>>) json;
    }

    private static Map<String, Object> read(String name) {
        try {
            return new ObjectMapper().readValue(resource(name), new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = RecordedOrganization.class.getResourceAsStream("recorded-organization/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
