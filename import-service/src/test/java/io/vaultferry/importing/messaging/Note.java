package io.vaultferry.importing.messaging;

import io.vaultferry.testsupport.TestOrganization;
import java.util.HashMap;
import java.util.Map;

/** Bodies of notes that somebody else puts into an organization. */
final class Note {

    private Note() {}

    static Map<String, Object> named(String name, TestOrganization organization) {
        Map<String, Object> body = new HashMap<>();
        body.put("type", 2);
        body.put("name", organization.key().encryptText(name).text());
        body.put("secureNote", Map.of("type", 0));
        body.put("organizationId", organization.id().value());
        return body;
    }
}
