package io.vaultferry.benchmarks.system;

import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NewOrganization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.PasswordCredentials;
import io.vaultferry.bitwarden.client.Relationship;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An organization of {@link SandboxServer#OWNER} with one collection, filled by the client of this project. */
public final class OwnedOrganization implements AutoCloseable {

    private static final int ITEMS_A_CALL = 1_000;
    private static final int UPLOADS_AT_A_TIME = 8;

    private final BitwardenServer server;
    private final BitwardenSession session;
    private final SymmetricKey key = SymmetricKey.make();
    private final OrganizationId id;
    private final CollectionId collection;
    private final EncString collectionName;

    private OwnedOrganization(SandboxServer sandbox, String name) {
        this.server = BitwardenServer.at(
                ServerAddress.of(sandbox.url().toString()),
                ClientSettings.defaults().withInsecureServers(true).withCaFile(ca(sandbox)));
        try (PasswordCredentials credentials =
                PasswordCredentials.of(SandboxServer.OWNER, SandboxServer.MASTER_PASSWORD.toCharArray())) {
            this.session =
                    server.session(AccessTokens.fixed(server.logIn(credentials).accessToken()));
        }
        KeyPair pair = KeyPair.make();
        this.id = session.createOrganization(new NewOrganization(
                name,
                SandboxServer.OWNER,
                session.publicKey(session.profile().id()).wrap(key),
                pair.publicKey(),
                key.wrap(pair.privateKey()),
                key.encryptText("Logins")));
        pair.privateKey().close();
        Collection first = session.collections(id).getFirst();
        this.collection = first.id();
        this.collectionName = first.name();
    }

    private static Optional<java.nio.file.Path> ca(SandboxServer sandbox) {
        return sandbox.url().getScheme().equals("https") ? Optional.of(sandbox.caFile()) : Optional.empty();
    }

    /** Makes one. */
    public static OwnedOrganization create(SandboxServer sandbox, String name) {
        return new OwnedOrganization(sandbox, name);
    }

    public OrganizationId id() {
        return id;
    }

    public CollectionId collection() {
        return collection;
    }

    /** Puts logins in; it was empty before. */
    public void add(List<PlainLogin> logins) {
        for (int from = 0; from < logins.size(); from += ITEMS_A_CALL) {
            List<Map<String, Object>> bodies = new ArrayList<>();
            List<Relationship> links = new ArrayList<>();
            for (PlainLogin login : logins.subList(from, Math.min(logins.size(), from + ITEMS_A_CALL))) {
                links.add(new Relationship(bodies.size(), collection));
                bodies.add(Item.requestBody(login.encrypted(key), id));
            }
            session.importItems(id, bodies, links, Map.of(collection, collectionName));
        }
        requireSize(logins.size());
    }

    /** Fails unless it has so many items: an import does not say what it left out. */
    public void requireSize(int expected) {
        int found = session.items(id).size();
        if (found != expected) {
            throw new IllegalStateException("there are " + found + " items instead of " + expected);
        }
    }

    /** Gives files to items, in the order in which the server lists them: one to each, of these sizes. */
    public void addFiles(List<Integer> plainSizes) throws InterruptedException {
        List<ItemId> items = new ArrayList<>();
        session.forEachItem(id, item -> items.add(item.id()));
        if (items.size() < plainSizes.size()) {
            throw new IllegalArgumentException("there are fewer items than files");
        }
        try (ExecutorService uploads = Executors.newFixedThreadPool(UPLOADS_AT_A_TIME)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < plainSizes.size(); i++) {
                ItemId item = items.get(i);
                int size = plainSizes.get(i);
                all.add(uploads.submit(() -> addFile(item, size)));
            }
            for (Future<?> upload : all) {
                upload.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a file could not be uploaded", e.getCause());
        }
    }

    private void addFile(ItemId item, int plainSize) {
        byte[] plain = new byte[plainSize];
        new Random(plainSize).nextBytes(plain);
        try (SymmetricKey contentKey = SymmetricKey.make()) {
            byte[] encrypted = AttachmentCrypto.encrypt(plain, contentKey);
            EncString fileName = key.encryptText("a file");
            AttachmentSlot slot = session.createAttachment(item, key.wrap(contentKey), fileName, encrypted.length);
            session.uploadAttachment(slot, fileName, new ByteArrayInputStream(encrypted), encrypted.length);
        }
    }

    @Override
    public void close() {
        key.close();
        server.close();
    }
}
