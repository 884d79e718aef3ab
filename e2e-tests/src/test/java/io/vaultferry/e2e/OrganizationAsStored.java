package io.vaultferry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the official client does not show of an organization: groups with their access and members, the access of members,
 * and policies. Read with plain HTTP, each object as one line without ids, lists sorted.
 *
 * @param groups name, external id, access to collections by their names, members by their addresses
 * @param members address, role, status, access to collections, groups by their names
 * @param policies type, whether enabled, data
 */
record OrganizationAsStored(List<String> groups, List<String> members, List<String> policies) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The recorded organization, as an independent client wrote it down. */
    static OrganizationAsStored recorded() {
        try (InputStream in = OrganizationAsStored.class.getResourceAsStream("/recordings/decrypted.json")) {
            JsonNode truth = JSON.readTree(in);
            List<String> policies = new ArrayList<>();
            for (JsonNode policy : truth.get("policies")) {
                policies.add(JSON.createArrayNode()
                        .add(policy.get(0))
                        .add(policy.get(1))
                        .add(sortedMembers(JSON.readTree(policy.get(2).textValue())))
                        .toString());
            }
            return new OrganizationAsStored(
                    sorted(lines(truth.get("groups"))), sorted(lines(truth.get("members"))), sorted(policies));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(JsonNode array) {
        List<String> lines = new ArrayList<>();
        for (JsonNode object : array) {
            ArrayNode line = JSON.createArrayNode();
            object.forEach(part -> line.add(part.isArray() ? sortedArray(part) : part));
            lines.add(line.toString());
        }
        return lines;
    }

    /**
     * Reads an organization.
     *
     * @param collectionNames decrypted names by id
     */
    static OrganizationAsStored readFrom(
            URI server,
            Path caFile,
            String email,
            String masterPasswordHash,
            String organization,
            Map<String, String> collectionNames) {
        Reader reader = new Reader(server, caFile, email, masterPasswordHash);
        String base = "/api/organizations/" + organization;
        JsonNode members = reader.get(base + "/users?includeCollections=true&includeGroups=true")
                .get("data");
        JsonNode groups = reader.get(base + "/groups/details").get("data");
        Map<String, String> addresses = byId(members, "email");
        Map<String, String> groupNames = byId(groups, "name");
        List<String> groupLines = new ArrayList<>();
        for (JsonNode group : groups) {
            ArrayNode people = JSON.createArrayNode();
            reader.get(base + "/groups/" + group.get("id").textValue() + "/users")
                    .forEach(id -> people.add(addresses.get(id.textValue())));
            groupLines.add(JSON.createArrayNode()
                    .add(group.get("name"))
                    .add(group.get("externalId"))
                    .add(access(group.get("collections"), collectionNames))
                    .add(sortedArray(people))
                    .toString());
        }
        List<String> memberLines = new ArrayList<>();
        for (JsonNode member : members) {
            ArrayNode in = JSON.createArrayNode();
            member.get("groups").forEach(id -> in.add(groupNames.get(id.textValue())));
            memberLines.add(JSON.createArrayNode()
                    .add(member.get("email"))
                    .add(member.get("type"))
                    .add(member.get("status"))
                    .add(access(member.get("collections"), collectionNames))
                    .add(sortedArray(in))
                    .toString());
        }
        List<String> policyLines = new ArrayList<>();
        for (JsonNode policy : reader.get(base + "/policies").get("data")) {
            policyLines.add(JSON.createArrayNode()
                    .add(policy.get("type"))
                    .add(policy.get("enabled"))
                    .add(sortedMembers(policy.get("data")))
                    .toString());
        }
        return new OrganizationAsStored(sorted(groupLines), sorted(memberLines), sorted(policyLines));
    }

    private static Map<String, String> byId(JsonNode objects, String member) {
        Map<String, String> byId = new HashMap<>();
        objects.forEach(object ->
                byId.put(object.get("id").textValue(), object.get(member).textValue()));
        return byId;
    }

    private static JsonNode access(JsonNode selections, Map<String, String> collectionNames) {
        ArrayNode access = JSON.createArrayNode();
        selections.forEach(selection -> access.add(JSON.createArrayNode()
                .add(collectionNames.get(selection.get("id").textValue()))
                .add(selection.get("readOnly"))
                .add(selection.get("hidePasswords"))
                .add(selection.get("manage"))));
        return sortedArray(access);
    }

    private static ArrayNode sortedArray(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        elements.sort((a, b) -> a.toString().compareTo(b.toString()));
        return JSON.createArrayNode().addAll(elements);
    }

    private static JsonNode sortedMembers(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        ObjectNode result = JSON.createObjectNode();
        node.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(member -> result.set(member.getKey(), member.getValue()));
        return result;
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** Logs in and asks. */
    private static final class Reader {

        private final URI server;
        private final HttpClient http;
        private final String token;

        Reader(URI server, Path caFile, String email, String masterPasswordHash) {
            this.server = server;
            this.http = HttpClient.newBuilder().sslContext(trusting(caFile)).build();
            String form = "grant_type=password&scope=api%20offline_access&client_id=cli&deviceType=25"
                    + "&deviceIdentifier=6a4b6d2e-2f39-44a1-9a3f-1c1b4f7f9f10&deviceName=reader&username="
                    + URLEncoder.encode(email, StandardCharsets.UTF_8)
                    + "&password="
                    + URLEncoder.encode(masterPasswordHash, StandardCharsets.UTF_8);
            this.token = send(HttpRequest.newBuilder(server.resolve("/identity/connect/token"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form)))
                    .get("access_token")
                    .textValue();
        }

        JsonNode get(String path) {
            return send(HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token));
        }

        private JsonNode send(HttpRequest.Builder request) {
            try {
                HttpResponse<String> response = http.send(
                        request.header("Accept", "application/json")
                                .header("Bitwarden-Client-Version", "2026.8.0")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new AssertionError("the server answered " + response.statusCode());
                }
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }

        private static SSLContext trusting(Path caFile) {
            try (InputStream in = Files.newInputStream(caFile)) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                store.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
                TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(store);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, trust.getTrustManagers(), null);
                return context;
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
