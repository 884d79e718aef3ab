package io.vaultferry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Looks for the recorded organization's secrets in every file of a directory: as they are, in base64, in hexadecimal and
 * encoded for URLs. A find names the secret's kind and place, never the secret.
 */
final class SecretSearch {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Shorter texts occur by chance, and so do words that Vaultferry and its servers use themselves. */
    private static final int SHORTEST = 8;

    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** Searches for everything in the recording that only the organization's people may know. */
    static SecretSearch forTheRecordedOrganization() {
        SecretSearch search = new SecretSearch();
        JsonNode stored = resource("/io/vaultferry/sandbox/recorded/stored.json");
        for (JsonNode account : stored.get("accounts")) {
            search.add("master password", account.get("masterPassword"));
            search.add("master password hash", account.get("masterPasswordHash"));
            search.add("API key", account.get("apiKey"));
            search.add("authenticator secret", account.get("totpSecret"));
            account.get("decrypted").properties().forEach(key -> search.add(key.getKey(), key.getValue()));
            search.add("address", account.get("email"));
        }
        search.add("organization key", stored.get("decryptedOrganizationKey"));
        JsonNode truth = resource("/recordings/decrypted.json");
        for (JsonNode collection : truth.get("collections")) {
            // "Default collection" is what servers and clients call every first collection.
            if (!collection.get(0).textValue().equals("Default collection")) {
                search.add("collection name", collection.get(0));
            }
        }
        for (JsonNode item : truth.get("items")) {
            search.addTexts("item", item);
        }
        return search;
    }

    private static JsonNode resource(String name) {
        try (InputStream in = SecretSearch.class.getResourceAsStream(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addTexts(String what, JsonNode node) {
        if (node.isTextual()) {
            add(what, node);
        }
        if (node.isObject()) {
            node.properties().forEach(member -> {
                // Enumerated values and dates are no secrets; an item's name, notes, fields and parts are.
                if (!member.getKey().endsWith("Date")
                        && !member.getKey().startsWith("key")
                        && !member.getKey().equals("collections")) {
                    addTexts("item." + member.getKey(), member.getValue());
                }
            });
        } else {
            node.forEach(element -> addTexts(what, element));
        }
    }

    private void add(String what, JsonNode secret) {
        if (secret != null && secret.isTextual() && secret.textValue().length() >= SHORTEST) {
            addText(what, secret.textValue());
        }
    }

    SecretSearch addText(String what, String secret) {
        secrets.putIfAbsent(secret, what);
        return this;
    }

    int size() {
        return secrets.size();
    }

    /** Leaves out what is in the directory before any vault was there: words that PostgreSQL and Kafka use themselves. */
    SecretSearch without(Path directory) {
        SecretSearch rest = new SecretSearch();
        rest.secrets.putAll(secrets);
        find(directory, (pattern, file) -> rest.secrets.remove(pattern.secret));
        return rest;
    }

    /** Where secrets were found. */
    List<String> findIn(Path directory) {
        List<String> finds = new ArrayList<>();
        find(directory, (pattern, file) -> finds.add(pattern.what + " in " + directory.relativize(file)));
        return finds;
    }

    private void find(Path directory, BiConsumer<Pattern, Path> found) {
        List<Pattern> patterns = new ArrayList<>();
        secrets.forEach((secret, what) -> {
            byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
            patterns.add(new Pattern(secret, what, utf8));
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf8);
            patterns.add(new Pattern(secret, what + " in base64", ascii(base64)));
            patterns.add(new Pattern(
                    secret, what + " in hexadecimal", ascii(HexFormat.of().formatHex(utf8))));
            String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
            if (!url.equals(secret)) {
                patterns.add(new Pattern(secret, what + " encoded for URLs", ascii(url)));
            }
        });
        Matcher matcher = new Matcher(patterns);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (Pattern pattern : matcher.findAllIn(content(file))) {
                    found.accept(pattern, file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // A running database removes files while the others are read.
            return new byte[0];
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Pattern {

        private final String secret;
        private final String what;
        private final byte[] bytes;

        Pattern(String secret, String what, byte[] bytes) {
            this.secret = secret;
            this.what = what;
            this.bytes = bytes;
        }

        boolean isIn(byte[] content, int at) {
            return at + bytes.length <= content.length
                    && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length);
        }
    }

    /** Finds many patterns in one pass, by their first four bytes. */
    private static final class Matcher {

        private static final int PREFIX = 4;

        private final Map<Integer, List<Pattern>> byPrefix = new HashMap<>();

        Matcher(List<Pattern> patterns) {
            for (Pattern pattern : patterns) {
                byPrefix.computeIfAbsent(prefix(pattern.bytes, 0), key -> new ArrayList<>())
                        .add(pattern);
            }
        }

        /** Every pattern that is in there, once. */
        Set<Pattern> findAllIn(byte[] content) {
            Set<Pattern> found = new LinkedHashSet<>();
            for (int at = 0; at + PREFIX <= content.length; at++) {
                List<Pattern> candidates = byPrefix.get(prefix(content, at));
                if (candidates == null) {
                    continue;
                }
                for (Pattern candidate : candidates) {
                    if (candidate.isIn(content, at)) {
                        found.add(candidate);
                    }
                }
            }
            return found;
        }

        private static int prefix(byte[] bytes, int at) {
            return (bytes[at] & 0xff) << 24
                    | (bytes[at + 1] & 0xff) << 16
                    | (bytes[at + 2] & 0xff) << 8
                    | (bytes[at + 3] & 0xff);
        }
    }
}
