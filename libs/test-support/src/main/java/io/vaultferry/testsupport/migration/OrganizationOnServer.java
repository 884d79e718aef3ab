package io.vaultferry.testsupport.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.ApiKeyCredentials;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.Login;
import io.vaultferry.bitwarden.client.NewOrganization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A server of its own with one organization, its owner logged in. The accounts are those of the recorded organization, recorded
 * 2026-11-23 against Vaultwarden 1.37.2: test data only.
 */
public final class OrganizationOnServer implements AutoCloseable {

    public static final OrganizationId RECORDED = new OrganizationId("d34adb66-fc99-44ab-ae6b-78ef38ce20a5");
    public static final UserId OWNER = new UserId("06f75c4c-7096-4051-b680-aa58f47a516d");
    public static final String OWNER_EMAIL = "owner@acme.example.test";

    private static final String OWNER_API_KEY = "eE90S2HjOAMWrdyIqVdGFRQrW4xpon";
    private static final String RECORDED_KEY =
            "16n6aZaXvUI7yowrpt0i0BF+ZrlYTAw6yuxrHJB1FJEz1yvFB0lHXLz/bMufdlx9zUQU+MZeFycNPisvz40eIw==";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of every organization that is made here; making one takes longer than all the rest. */
    private static final KeyPair PAIR = KeyPair.make();

    private final Sandbox sandbox;
    private final Path directory;
    private final BitwardenServer server;
    private final Login login;
    private final OrganizationId id;
    private final byte[] key;

    private OrganizationOnServer(Sandbox sandbox, Path directory, byte[] key) {
        this.sandbox = sandbox;
        this.directory = directory;
        this.key = key;
        this.server = BitwardenServer.at(
                ServerAddress.of(sandbox.baseUrl().toString()),
                ClientSettings.defaults().withInsecureServers(true));
        this.login = server.logIn(ApiKeyCredentials.of("user." + OWNER, OWNER_API_KEY));
        this.id = session().profile().organizations().stream()
                .findFirst()
                .map(OrganizationMembership::id)
                .orElseGet(this::createOrganization);
    }

    /** The recorded organization. */
    public static OrganizationOnServer recorded(UnaryOperator<SandboxConfig.Builder> changes) {
        return start(Seed.recorded(), Base64.getDecoder().decode(RECORDED_KEY), changes);
    }

    /** The recorded organization, changed before its server reads it; the accounts and the key are the same. */
    public static OrganizationOnServer changed(Consumer<ObjectNode> change) {
        try {
            Path directory = Files.createTempDirectory("vaultferry-seed");
            ObjectNode stored = stored();
            change.accept(stored);
            Path seed = directory.resolve("stored.json");
            Files.write(seed, JSON.writeValueAsBytes(stored));
            for (JsonNode item : stored.get("ciphers")) {
                for (JsonNode file : item.get("attachments")) {
                    String name = file.get("id").textValue();
                    try (InputStream in = Seed.class.getResourceAsStream("recorded/attachments/" + name)) {
                        Files.copy(in, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            try {
                return start(
                        Seed.of(seed, directory), Base64.getDecoder().decode(RECORDED_KEY), UnaryOperator.identity());
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode stored() {
        try (InputStream in = Seed.class.getResourceAsStream("recorded/stored.json")) {
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new organization with a key of its own, as empty as its server makes it. */
    public static OrganizationOnServer empty(UnaryOperator<SandboxConfig.Builder> changes) {
        byte[] key = new byte[SymmetricKey.LENGTH];
        RANDOM.nextBytes(key);
        return start(Seed.recordedAccountsOnly(), key, changes);
    }

    private static OrganizationOnServer start(Seed seed, byte[] key, UnaryOperator<SandboxConfig.Builder> changes) {
        try {
            Path directory = Files.createTempDirectory("vaultferry-server");
            Sandbox sandbox = Sandbox.start(changes.apply(SandboxConfig.builder()
                            .tls(false)
                            .dataDirectory(directory)
                            .seed(seed))
                    .build());
            return new OrganizationOnServer(sandbox, directory, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OrganizationId createOrganization() {
        try (SymmetricKey organizationKey = key()) {
            return session()
                    .createOrganization(new NewOrganization(
                            "New home",
                            OWNER_EMAIL,
                            session().publicKey(OWNER).wrap(organizationKey),
                            PAIR.publicKey(),
                            organizationKey.wrap(PAIR.privateKey()),
                            organizationKey.encryptText("Default collection")));
        }
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public OrganizationId id() {
        return id;
    }

    /** A copy, which the caller closes. */
    public SymmetricKey key() {
        return SymmetricKey.takeCopyOf(key);
    }

    /** As the owner. */
    public BitwardenSession session() {
        return server.session(AccessTokens.fixed(login.accessToken()));
    }

    /** Where the server keeps the bytes of a file. */
    public Path bytesOf(ItemId item, AttachmentId attachment) {
        return directory.resolve("attachments").resolve(item.value()).resolve(attachment.value());
    }

    /** The owner's grant for a migration. */
    public Grant grant(Side side, byte[] stagingKey) {
        return grant(side, stagingKey, OWNER, OWNER_EMAIL, login, key);
    }

    /** The same with a key that is not the organization's. */
    public Grant grantWithAnotherKey(Side side, byte[] stagingKey) {
        byte[] other = new byte[SymmetricKey.LENGTH];
        RANDOM.nextBytes(other);
        return grant(side, stagingKey, OWNER, OWNER_EMAIL, login, other);
    }

    /** The grant of another of the recorded accounts. */
    public Grant grantOf(String email, Side side, byte[] stagingKey) {
        for (JsonNode account : stored().get("accounts")) {
            if (account.get("email").textValue().equals(email)) {
                UserId user = new UserId(account.get("id").textValue());
                Login as = server.logIn(ApiKeyCredentials.of(
                        "user." + user, account.get("apiKey").textValue()));
                return grant(side, stagingKey, user, email, as, key);
            }
        }
        throw new IllegalArgumentException("nobody of this name");
    }

    private Grant grant(Side side, byte[] stagingKey, UserId user, String email, Login as, byte[] organizationKey) {
        return new Grant(
                side,
                sandbox.baseUrl().toString(),
                id.value(),
                Base64.getEncoder().encodeToString(organizationKey),
                as.accessToken().reveal(),
                as.accessToken().expiresAt(),
                user.value(),
                email,
                UUID.randomUUID().toString(),
                Base64.getEncoder().encodeToString(stagingKey),
                null,
                null,
                null);
    }

    @Override
    public void close() {
        server.close();
        sandbox.close();
        delete(directory);
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
