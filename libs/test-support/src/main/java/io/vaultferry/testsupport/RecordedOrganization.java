package io.vaultferry.testsupport;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The organization that was recorded 2026-11-23 against Vaultwarden 1.37.2, as the sandbox holds it: 21 items of types 1 to 5, 11
 * of them without a key of their own, 9 collections, 4 groups, 7 members, 3 policies. Test data only.
 */
public final class RecordedOrganization {

    public static final OrganizationId ID = new OrganizationId("d34adb66-fc99-44ab-ae6b-78ef38ce20a5");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode STORED = read();

    private RecordedOrganization() {}

    /** The organization's key; the caller closes it. */
    public static SymmetricKey key() {
        return SymmetricKey.takeOwnershipOf(Base64.getDecoder()
                .decode(STORED.get("decryptedOrganizationKey").textValue()));
    }

    /** The items as a listing shows them. */
    public static List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (JsonNode cipher : STORED.get("ciphers")) {
            items.add(Item.of(JSON.convertValue(cipher, new TypeReference<LinkedHashMap<String, Object>>() {})));
        }
        return items;
    }

    static JsonNode stored() {
        return STORED;
    }

    private static JsonNode read() {
        try (InputStream recorded = Seed.class.getResourceAsStream("recorded/stored.json")) {
            return JSON.readTree(recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
