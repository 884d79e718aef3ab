package io.vaultferry.testsupport.migration;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.bitwarden.client.Invitation;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.MemberUpdate;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.client.Relationship;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An organization that a test moves from one server to another step by step, with what the steps of a migration would report.
 * For servers that do what they are asked: nothing is repeated and nothing is checked.
 */
public final class MovedByHand implements AutoCloseable {

    private final OrganizationOnServer source;
    private final OrganizationOnServer target;
    private final SymmetricKey sourceKey;
    private final SymmetricKey targetKey;
    private final BitwardenSession from;
    private final BitwardenSession to;
    private final Map<ObjectKind, Map<String, ObjectOutcome>> outcomes = new EnumMap<>(ObjectKind.class);

    public MovedByHand(OrganizationOnServer source, OrganizationOnServer target) {
        this.source = source;
        this.target = target;
        this.sourceKey = source.key();
        this.targetKey = target.key();
        this.from = source.session();
        this.to = target.session();
    }

    /** In the order of the steps. */
    public MovedByHand everything() {
        return collections().groups().items().files().members().policies();
    }

    public MovedByHand collections() {
        for (Collection collection : from.collections(source.id())) {
            CollectionId id = to.createCollection(
                    target.id(),
                    targetKey.encryptText(sourceKey.decryptText(collection.name())),
                    collection.externalId(),
                    List.of(),
                    List.of());
            moved(ObjectKind.COLLECTION, collection.id().value(), id.value());
        }
        return this;
    }

    /** Without members. */
    public MovedByHand groups() {
        for (Group group : from.groups(source.id())) {
            GroupId id = to.createGroup(target.id(), request(group, List.of()));
            moved(ObjectKind.GROUP, group.id().value(), id.value());
        }
        return this;
    }

    /** Changes what is sent for an item. */
    @FunctionalInterface
    public interface Alteration {

        /** @param fieldsKey under which the target's item has its fields */
        void alter(Item source, Map<String, Object> body, SymmetricKey fieldsKey);
    }

    /** With their collections and the trash, without files. */
    public MovedByHand items() {
        return items((item, body, key) -> {});
    }

    /** The same, and not everything as it was. */
    public MovedByHand items(Alteration alteration) {
        List<Item> items = from.items(source.id());
        List<Map<String, Object>> bodies = new ArrayList<>();
        List<Relationship> links = new ArrayList<>();
        for (Item item : items) {
            for (CollectionId collection : collectionsOf(item)) {
                links.add(new Relationship(bodies.size(), collection));
            }
            Map<String, Object> body =
                    Item.requestBody(ItemCrypto.moveToOrganization(item.json(), sourceKey, targetKey), target.id());
            try (SymmetricKey fieldsKey = item.key().map(sourceKey::unwrap).orElseGet(targetKey::copy)) {
                alteration.alter(item, body, fieldsKey);
            }
            bodies.add(body);
        }
        Map<CollectionId, EncString> names =
                to.collections(target.id()).stream().collect(Collectors.toMap(Collection::id, Collection::name));
        to.importItems(target.id(), bodies, links, names);
        Map<String, ItemId> byToken = new HashMap<>();
        to.forEachItem(target.id(), item -> byToken.put(token(item.json()), item.id()));
        List<ItemId> trash = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            ItemId id = byToken.get(token(bodies.get(i)));
            moved(ObjectKind.ITEM, items.get(i).id().value(), id.value());
            if (items.get(i).deletedAt().isPresent()) {
                trash.add(id);
            }
        }
        if (!trash.isEmpty()) {
            to.trashItems(target.id(), trash);
        }
        return this;
    }

    /** An item's own key was wrapped anew, and the name of one without was encrypted anew, so both are unique. */
    private static String token(Map<String, Object> item) {
        return item.get("key") instanceof String key && !key.isBlank() ? key : String.valueOf(item.get("name"));
    }

    /** Each encrypted under a key of its own. */
    public MovedByHand files() {
        for (Item item : from.items(source.id())) {
            if (item.attachments().isEmpty()) {
                continue;
            }
            Item there = to.item(new ItemId(targetOf(ObjectKind.ITEM, item.id().value())));
            for (Attachment file : item.attachments()) {
                moved(
                        ObjectKind.ATTACHMENT,
                        file.id().value(),
                        moveFile(item, file, there).value());
            }
        }
        return this;
    }

    private AttachmentId moveFile(Item item, Attachment file, Item there) {
        AttachmentKeys.Source keys =
                new AttachmentKeys.Source(item.key().orElse(null), file.key().orElse(null), file.fileName());
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keys, sourceKey);
                SymmetricKey contentKey = SymmetricKey.make();
                Download download = from.download(from.attachmentLink(item.id(), file.id()))) {
            byte[] plain = AttachmentCrypto.decrypt(download.body().readAllBytes(), opened.contentKey());
            byte[] encrypted = AttachmentCrypto.encrypt(plain, contentKey);
            AttachmentKeys.Target record = AttachmentKeys.moveToOrganization(
                    keys, sourceKey, there.key().orElse(null), targetKey, contentKey);
            AttachmentSlot slot = to.createAttachment(there.id(), record.key(), record.fileName(), encrypted.length);
            to.uploadAttachment(slot, record.fileName(), new ByteArrayInputStream(encrypted), encrypted.length);
            return slot.id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With their access and groups; confirmed are those who were. */
    public MovedByHand members() {
        for (Member member : from.members(source.id())) {
            Optional<Member> there = memberAtTarget(member);
            if (there.isPresent()) {
                moveGroups(member, there.get());
                report(ObjectOutcome.moved(
                        ObjectKind.MEMBER,
                        member.id().value(),
                        there.get().id().value(),
                        ReasonCode.MIGRATION_ACCOUNT));
                continue;
            }
            to.invite(
                    target.id(),
                    new Invitation(
                            member.email(),
                            member.role(),
                            member.permissions(),
                            access(member.collections()),
                            groupsOf(member)));
            Member invited = memberAtTarget(member).orElseThrow();
            if (member.status() == MemberStatus.CONFIRMED) {
                to.confirm(
                        target.id(),
                        invited.id(),
                        to.publicKey(invited.userId().orElseThrow()).wrap(targetKey));
            }
            moved(ObjectKind.MEMBER, member.id().value(), invited.id().value());
        }
        return this;
    }

    private void moveGroups(Member member, Member there) {
        if (!member.groups().isEmpty()) {
            to.updateMember(
                    target.id(),
                    there.id(),
                    new MemberUpdate(
                            there.role(), there.permissions(), access(member.collections()), groupsOf(member)));
        }
    }

    private Optional<Member> memberAtTarget(Member member) {
        return to.members(target.id()).stream()
                .filter(candidate -> candidate.email().equals(member.email()))
                .findFirst();
    }

    public MovedByHand policies() {
        for (Policy policy : from.policies(source.id())) {
            to.putPolicy(target.id(), policy.type(), policy.enabled(), policy.data());
            moved(ObjectKind.POLICY, String.valueOf(policy.type()), String.valueOf(policy.type()));
        }
        return this;
    }

    /** What a group of the source should be in the target. */
    public GroupRequest request(Group group, List<MemberId> members) {
        return new GroupRequest(
                group.name(), group.externalId(), group.accessAll(), access(group.collections()), members);
    }

    /** The target's collections of an item of the source. */
    public List<CollectionId> collectionsOf(Item item) {
        return item.collectionIds().stream()
                .map(id -> new CollectionId(targetOf(ObjectKind.COLLECTION, id.value())))
                .toList();
    }

    private List<GroupId> groupsOf(Member member) {
        return member.groups().stream()
                .map(id -> new GroupId(targetOf(ObjectKind.GROUP, id.value())))
                .toList();
    }

    private List<Access<CollectionId>> access(List<Access<CollectionId>> access) {
        return access.stream()
                .map(given -> new Access<>(
                        new CollectionId(
                                targetOf(ObjectKind.COLLECTION, given.id().value())),
                        given.readOnly(),
                        given.hidePasswords(),
                        given.manage()))
                .toList();
    }

    /** The target's id of an object that was moved. */
    public String targetOf(ObjectKind kind, String sourceId) {
        return Optional.ofNullable(outcomes.getOrDefault(kind, Map.of()).get(sourceId))
                .flatMap(ObjectOutcome::targetId)
                .orElseThrow();
    }

    /** What a step that moves objects of a kind would report. */
    public List<ObjectOutcome> outcomes(ObjectKind kind) {
        return List.copyOf(outcomes.getOrDefault(kind, Map.of()).values());
    }

    /** Reports something else of an object than was said of it so far. */
    public void report(ObjectOutcome outcome) {
        outcomes.computeIfAbsent(outcome.kind(), kind -> new LinkedHashMap<>()).put(outcome.sourceId(), outcome);
    }

    private void moved(ObjectKind kind, String sourceId, String targetId) {
        report(new ObjectOutcome(kind, sourceId, Optional.of(targetId), Outcome.MOVED, Optional.empty()));
    }

    @Override
    public void close() {
        sourceKey.close();
        targetKey.close();
    }
}
