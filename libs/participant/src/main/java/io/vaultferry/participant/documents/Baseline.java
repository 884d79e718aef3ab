package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Id;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What the target organization held before the first write, so that at the end it can be proven that nothing else was
 * changed: the id of each object with a keyed hash of its contents. Equal contents give equal hashes within one migration,
 * whatever order a server lists things in.
 */
public final class Baseline {

    private static final SealedLines<BaselineLine> LINES =
            new SealedLines<>("baseline", 1, BaselineLine.class, VaultJson.mapper());

    /** Bodies name the organization; it is the same for all lines and says nothing. */
    private static final OrganizationId ANY = new OrganizationId("organization");

    private Baseline() {}

    /** The line of an item: its encrypted contents, revision, trash state, collections and files. */
    public static BaselineLine line(Item item, StagingKey key) {
        List<List<Object>> files = item.attachments().stream()
                .sorted(Comparator.comparing(file -> file.id().value()))
                .map(Baseline::content)
                .toList();
        return line(
                ObjectKind.ITEM,
                item.id().value(),
                Map.of(
                        "contents", Item.requestBody(item.json(), ANY),
                        "revised", item.revisedAt().toString(),
                        "trashed", item.deletedAt().map(Object::toString).orElse(""),
                        "collections", sorted(item.collectionIds()),
                        "files", files),
                key);
    }

    /**
     * The line of a collection: its name, external id and the access of groups. The access of members is part of theirs:
     * Vaultwarden lists whoever may use every collection in each of them.
     */
    public static BaselineLine line(Collection collection, StagingKey key) {
        return line(
                ObjectKind.COLLECTION,
                collection.id().value(),
                Map.of(
                        "name", collection.nameText(),
                        "externalId", collection.externalId().orElse(""),
                        "groups", access(collection.groups())),
                key);
    }

    /** The line of a group: its name, external id, access and members. */
    public static BaselineLine line(Group group, StagingKey key) {
        return line(
                ObjectKind.GROUP,
                group.id().value(),
                Map.of(
                        "name", group.name(),
                        "externalId", group.externalId().orElse(""),
                        "accessAll", group.accessAll(),
                        "collections", access(group.collections()),
                        "members", sorted(group.members())),
                key);
    }

    /** The line of a member: role, access and groups. Not the status, which people change by accepting. */
    public static BaselineLine line(Member member, StagingKey key) {
        return line(
                ObjectKind.MEMBER,
                member.id().value(),
                Map.of(
                        "email", member.email(),
                        "role", member.role().name(),
                        "accessAll", member.accessAll(),
                        "permissions", member.permissions(),
                        "collections", access(member.collections()),
                        "groups", sorted(member.groups())),
                key);
    }

    /** The line of a policy, under its type number: whether it is enabled, and its data. */
    public static BaselineLine line(Policy policy, StagingKey key) {
        return line(ObjectKind.POLICY, Integer.toString(policy.type()), policy, key);
    }

    /**
     * Writes a baseline; there is none when the source of its lines fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(
            ClaimCheckStore store, StagingKey key, MigrationId migration, SealedLines.Source<BaselineLine> lines) {
        return LINES.write(store, key, migration, lines);
    }

    /**
     * Opens a baseline. Close what is returned.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public static Lines open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        SealedLines.Lines<BaselineLine> lines = LINES.open(store, key, migration, check);
        return new Lines() {
            @Override
            public boolean hasNext() {
                return lines.hasNext();
            }

            @Override
            public BaselineLine next() {
                return lines.next();
            }

            @Override
            public void close() {
                lines.close();
            }
        };
    }

    private static BaselineLine line(ObjectKind kind, String id, Object content, StagingKey key) {
        byte[] label = ("baseline|" + kind + "|" + id + "|").getBytes(StandardCharsets.UTF_8);
        byte[] json = VaultJson.canonical(content);
        byte[] hashed = Arrays.copyOf(label, label.length + json.length);
        System.arraycopy(json, 0, hashed, label.length, json.length);
        return new BaselineLine(
                kind, id, Base64.getUrlEncoder().withoutPadding().encodeToString(key.keyedHash(hashed)));
    }

    private static List<Object> content(Attachment file) {
        return List.of(file.id().value(), file.keyText().orElse(""), file.fileNameText(), Long.toString(file.size()));
    }

    private static List<String> sorted(List<? extends Id> ids) {
        return ids.stream().map(Id::value).sorted().toList();
    }

    private static List<String> access(List<? extends Access<?>> access) {
        return access.stream()
                .map(given -> given.id().value() + "|" + given.readOnly() + "|" + given.hidePasswords() + "|"
                        + given.manage())
                .sorted()
                .toList();
    }

    /** The lines, one by one. Not thread-safe. */
    public interface Lines extends Iterator<BaselineLine>, AutoCloseable {
        @Override
        void close();
    }
}
