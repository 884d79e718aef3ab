package io.vaultferry.benchmarks.system;

import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A login as people have thousands of them: a name, a user, a password, an address and a line of notes. Made up. */
public record PlainLogin(int number) {

    public static List<PlainLogin> many(int count) {
        return IntStream.range(0, count).mapToObj(PlainLogin::new).toList();
    }

    String name() {
        return "Login " + number + " of the benchmark";
    }

    String user() {
        return "user" + number + "@example.test";
    }

    String password() {
        return "not a secret " + number;
    }

    String address() {
        return "https://host" + number + ".example.test/login";
    }

    String notes() {
        return "Made for a benchmark, number " + number + ".";
    }

    /** Everything in it that is encrypted. */
    public List<String> texts() {
        return List.of(name(), notes(), user(), password(), address());
    }

    /** As a server stores it, under the organization's key, as the official client writes it to Vaultwarden. */
    public Map<String, Object> encrypted(SymmetricKey organizationKey) {
        return tree(
                organizationKey.encryptText(name()).text(),
                organizationKey.encryptText(notes()).text(),
                organizationKey.encryptText(user()).text(),
                organizationKey.encryptText(password()).text(),
                organizationKey.encryptText(address()).text());
    }

    /** The same under a key of its own. */
    public Map<String, Object> encryptedUnderOwnKey(SymmetricKey organizationKey) {
        try (SymmetricKey itemKey = SymmetricKey.make()) {
            Map<String, Object> item = encrypted(itemKey);
            item.put("key", organizationKey.wrap(itemKey).text());
            return item;
        }
    }

    /** As the official client takes it, in a file or as one item. */
    public Map<String, Object> plain(String organization, String collection) {
        Map<String, Object> item = tree(name(), notes(), user(), password(), address());
        item.put("organizationId", organization);
        item.put("collectionIds", new ArrayList<>(List.of(collection)));
        item.put("folderId", null);
        item.put("favorite", false);
        return item;
    }

    private static Map<String, Object> tree(String name, String notes, String user, String password, String address) {
        Map<String, Object> uri = new LinkedHashMap<>();
        uri.put("uri", address);
        uri.put("match", null);
        Map<String, Object> login = new LinkedHashMap<>();
        login.put("username", user);
        login.put("password", password);
        login.put("totp", null);
        login.put("uris", new ArrayList<>(List.of(uri)));
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("type", 1);
        item.put("name", name);
        item.put("notes", notes);
        item.put("reprompt", 0);
        item.put("login", login);
        item.put("fields", new ArrayList<>());
        item.put("passwordHistory", null);
        return item;
    }
}
