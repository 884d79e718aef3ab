package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.Seed;
import io.vaultferry.sandbox.server.Item.Attachment;
import io.vaultferry.sandbox.server.Organization.Group;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.OrganizationCollection;
import io.vaultferry.sandbox.server.Organization.Policy;
import io.vaultferry.sandbox.server.Organization.Role;
import io.vaultferry.sandbox.server.Organization.Status;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Reads an organization in the format of the recording: as a listing shows it, with what listings do not show added. */
final class RecordedSeed {

    private final JsonNode stored;
    private final Vault.State state;

    private RecordedSeed(JsonNode stored, Vault.State state) {
        this.stored = stored;
        this.state = state;
    }

    /** Where the parts of a recording are read from. */
    @FunctionalInterface
    private interface Source {
        InputStream open(String name) throws IOException;

        default void copy(String name, Path target) throws IOException {
            try (InputStream in = open(name)) {
                Files.copy(in, target);
            }
        }
    }

    /** Parts that somebody has put into files. */
    private record FileSource(Seed.Files given) implements Source {

        @Override
        public InputStream open(String name) throws IOException {
            return Files.newInputStream(file(name));
        }

        @Override
        public void copy(String name, Path target) throws IOException {
            try {
                // The server replaces files and never changes them, so the bytes may belong to both.
                Files.createLink(target, file(name));
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(file(name), target);
            }
        }

        private Path file(String name) {
            return name.equals("stored.json")
                    ? given.storedJson()
                    : given.attachments().resolve(Path.of(name).getFileName());
        }
    }

    static Vault.State load(Seed seed, AttachmentFiles files, Instant now) {
        return switch (seed) {
            case Seed.None none -> new Vault.State();
            case Seed.Recorded recorded -> load(RecordedSeed::openBundled, recorded.withOrganization(), files, now);
            case Seed.Files given -> load(new FileSource(given), true, files, now);
        };
    }

    private static InputStream openBundled(String name) throws IOException {
        InputStream in = Seed.class.getResourceAsStream("recorded/" + name);
        if (in == null) {
            throw new FileNotFoundException("recorded/" + name);
        }
        return in;
    }

    private static Vault.State load(Source source, boolean withOrganization, AttachmentFiles files, Instant now) {
        try (InputStream in = source.open("stored.json")) {
            RecordedSeed seed = new RecordedSeed(Json.MAPPER.readTree(in), new Vault.State());
            seed.stored.get("accounts").forEach(account -> seed.addAccount(account, now));
            if (withOrganization) {
                seed.addOrganization(now);
                seed.addItems();
                seed.copyAttachments(source, files);
            }
            return seed.state;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the seed", e);
        }
    }

    private void addAccount(JsonNode json, Instant now) {
        Account account = new Account();
        account.id = json.get("id").textValue();
        account.email = json.get("email").textValue();
        account.name = json.get("name").textValue();
        account.passwordHash = PasswordHash.of(json.get("masterPasswordHash").textValue());
        account.kdf = json.get("kdf").intValue();
        account.kdfIterations = json.get("kdfIterations").intValue();
        account.kdfMemory = number(json.get("kdfMemory"));
        account.kdfParallelism = number(json.get("kdfParallelism"));
        account.key = json.get("key").textValue();
        account.privateKey = json.get("privateKey").textValue();
        account.publicKey = json.get("publicKey").textValue();
        account.securityStamp = json.get("securityStamp").textValue();
        account.apiKey = json.get("apiKey").textValue();
        account.totpSecret = json.path("totpSecret").textValue();
        account.createdAt = now;
        account.revisedAt = now;
        state.accounts.put(account.id, account);
    }

    private static Integer number(JsonNode node) {
        return node == null || node.isNull() ? null : node.intValue();
    }

    private void addOrganization(Instant now) {
        JsonNode json = stored.get("organization");
        Organization organization = new Organization();
        organization.id = json.get("id").textValue();
        organization.name = json.get("name").textValue();
        organization.billingEmail = json.get("billingEmail").textValue();
        organization.publicKey = json.path("keys").path("publicKey").textValue();
        state.organizations.put(organization.id, organization);
        stored.get("collections").forEach(collection -> {
            String id = collection.get("id").textValue();
            organization.collections.put(
                    id,
                    new OrganizationCollection(
                            id,
                            collection.get("name").textValue(),
                            collection.get("externalId").textValue()));
        });
        stored.get("members").forEach(member -> addMember(organization, member, now));
        // A listing of members hides the collections of those who are not confirmed; the listing of collections does
        // not.
        stored.get("collections")
                .forEach(collection -> collection.get("users").forEach(user -> {
                    Member member = organization.members.get(user.get("id").textValue());
                    if (!member.accessAll) {
                        member.collections.put(
                                collection.get("id").textValue(),
                                Selection.read(Json.of(user)).access());
                    }
                }));
        stored.get("groups").forEach(group -> addGroup(organization, group));
        stored.get("policies")
                .forEach(policy -> organization.policies.put(
                        policy.get("type").intValue(),
                        new Policy(
                                policy.get("id").textValue(),
                                policy.get("type").intValue(),
                                policy.get("enabled").booleanValue(),
                                policy.get("data"))));
    }

    private void addMember(Organization organization, JsonNode json, Instant now) {
        Member member = new Member();
        member.id = json.get("id").textValue();
        member.userId = json.get("userId").textValue();
        member.externalId = json.get("externalId").textValue();
        int status = json.get("status").intValue();
        member.revoked = status < 0;
        for (Status known : Status.values()) {
            if (known.number == status || (member.revoked && known == Status.CONFIRMED)) {
                member.status = known;
            }
        }
        member.role = Role.of(json.get("type").intValue()).orElseThrow();
        member.accessAll = json.get("accessAll").booleanValue();
        member.key = accountJson(member.userId)
                .map(account ->
                        account.path("organizationKeys").path(organization.id).textValue())
                .orElse(null);
        if (!state.accounts.containsKey(member.userId)) {
            Account invited = new Account();
            invited.id = member.userId;
            invited.email = json.get("email").textValue();
            invited.securityStamp = member.userId;
            invited.createdAt = now;
            invited.revisedAt = now;
            state.accounts.put(invited.id, invited);
            state.invitations.add(invited.email);
        }
        organization.members.put(member.id, member);
    }

    private Optional<JsonNode> accountJson(String userId) {
        return StreamSupport.stream(stored.get("accounts").spliterator(), false)
                .filter(account -> account.get("id").textValue().equals(userId))
                .findFirst();
    }

    private void addGroup(Organization organization, JsonNode json) {
        Group group = new Group();
        group.id = json.get("id").textValue();
        group.name = json.get("name").textValue();
        group.externalId = json.get("externalId").textValue();
        group.accessAll = json.get("accessAll").booleanValue();
        json.get("collections").forEach(node -> {
            Selection selection = Selection.read(Json.of(node));
            group.collections.put(selection.id(), selection.access());
        });
        stored.get("groupMembers").path(group.id).forEach(member -> group.members.add(member.textValue()));
        organization.groups.put(group.id, group);
    }

    private void addItems() {
        stored.get("ciphers").forEach(json -> {
            String id = json.get("id").textValue();
            ItemContent content = ItemContent.read(Json.of(json));
            List<Attachment> attachments = new ArrayList<>();
            json.get("attachments")
                    .forEach(attachment -> attachments.add(new Attachment(
                            attachment.get("id").textValue(),
                            attachment.get("fileName").textValue(),
                            Long.parseLong(attachment.get("size").textValue()),
                            attachment.get("key").textValue())));
            TreeSet<String> collectionIds = new TreeSet<>();
            json.get("collectionIds").forEach(collection -> collectionIds.add(collection.textValue()));
            state.items.put(
                    id,
                    new Item(
                            id,
                            content.type(),
                            json.get("organizationId").textValue(),
                            null,
                            Instant.parse(json.get("creationDate").textValue()),
                            Instant.parse(json.get("revisionDate").textValue()),
                            Optional.ofNullable(json.get("deletedDate").textValue())
                                    .map(Instant::parse)
                                    .orElse(null),
                            content.reprompt(),
                            content.key(),
                            collectionIds,
                            List.copyOf(attachments),
                            content.json(),
                            new TreeSet<>()));
        });
    }

    private void copyAttachments(Source source, AttachmentFiles files) throws IOException {
        for (Item item : state.items.values()) {
            for (Attachment attachment : item.attachments()) {
                Path copy = files.newIncoming();
                source.copy("attachments/" + attachment.id(), copy);
                files.keep(copy, item.id(), attachment.id());
            }
        }
    }

    /** What the admin interface tells of a state. */
    static ObjectNode describe(Vault.State state, AttachmentFiles files) {
        ObjectNode json = Json.object();
        json.put("accounts", state.accounts.size());
        json.set("organizations", Json.arrayOf(state.organizations.values(), (array, organization) -> {
            List<Item> items = state.items.values().stream()
                    .filter(item -> organization.id.equals(item.organizationId()))
                    .toList();
            ObjectNode line = array.addObject();
            line.put("id", organization.id);
            line.put("name", organization.name);
            line.put("collections", organization.collections.size());
            line.put("groups", organization.groups.size());
            line.put("members", organization.members.size());
            line.put("policies", organization.policies.size());
            line.put("items", items.size());
            line.put(
                    "trashed",
                    items.stream().filter(item -> item.deletedAt() != null).count());
            line.put(
                    "links",
                    items.stream().mapToInt(item -> item.collectionIds().size()).sum());
            line.put(
                    "attachments",
                    items.stream().mapToInt(item -> item.attachments().size()).sum());
            line.put(
                    "attachmentsWithoutBytes",
                    items.stream()
                            .flatMap(item -> item.attachments().stream()
                                    .filter(a -> !Files.exists(files.fileOf(item.id(), a.id()))))
                            .count());
            line.put(
                    "attachmentBytes",
                    items.stream()
                            .flatMap(item -> item.attachments().stream())
                            .mapToLong(Attachment::size)
                            .sum());
        }));
        return json;
    }
}
