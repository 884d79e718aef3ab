package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.PublicKey;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Skeleton. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Skeleton.
public final class BitwardenSession {
    BitwardenSession() {}

    public Profile profile() {
        throw new UnsupportedOperationException();
    }

    public Organization organization(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public List<Collection> collections(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public List<Group> groups(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public List<Member> members(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public List<Policy> policies(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public List<Item> items(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    public void forEachItem(OrganizationId organization, Consumer<Item> consumer) {
        throw new UnsupportedOperationException();
    }

    public Item item(ItemId item) {
        throw new UnsupportedOperationException();
    }

    public PublicKey publicKey(UserId user) {
        throw new UnsupportedOperationException();
    }

    public Map<MemberId, PublicKey> publicKeys(OrganizationId organization, List<MemberId> members) {
        throw new UnsupportedOperationException();
    }

    public OrganizationId createOrganization(NewOrganization request) {
        throw new UnsupportedOperationException();
    }

    public void deleteOrganization(OrganizationId organization, String masterPasswordHash) {
        throw new UnsupportedOperationException();
    }

    public CollectionId createCollection(
            OrganizationId organization,
            EncString name,
            Optional<String> externalId,
            List<Access<GroupId>> groups,
            List<Access<MemberId>> members) {
        throw new UnsupportedOperationException();
    }

    public void updateCollection(
            OrganizationId organization,
            CollectionId collection,
            EncString name,
            Optional<String> externalId,
            List<Access<GroupId>> groups,
            List<Access<MemberId>> members) {
        throw new UnsupportedOperationException();
    }

    public void deleteCollection(OrganizationId organization, CollectionId collection) {
        throw new UnsupportedOperationException();
    }

    public GroupId createGroup(OrganizationId organization, GroupRequest request) {
        throw new UnsupportedOperationException();
    }

    public void updateGroup(OrganizationId organization, GroupId group, GroupRequest request) {
        throw new UnsupportedOperationException();
    }

    public void deleteGroup(OrganizationId organization, GroupId group) {
        throw new UnsupportedOperationException();
    }

    public void invite(OrganizationId organization, Invitation invitation) {
        throw new UnsupportedOperationException();
    }

    public void updateMember(OrganizationId organization, MemberId member, MemberUpdate update) {
        throw new UnsupportedOperationException();
    }

    public void confirm(OrganizationId organization, MemberId member, EncString key) {
        throw new UnsupportedOperationException();
    }

    public void revokeMember(OrganizationId organization, MemberId member) {
        throw new UnsupportedOperationException();
    }

    public void restoreMember(OrganizationId organization, MemberId member) {
        throw new UnsupportedOperationException();
    }

    public void removeMember(OrganizationId organization, MemberId member) {
        throw new UnsupportedOperationException();
    }

    public void putPolicy(OrganizationId organization, int type, boolean enabled, Map<String, Object> data) {
        throw new UnsupportedOperationException();
    }

    public void importItems(
            OrganizationId organization,
            List<Map<String, Object>> items,
            List<Relationship> relationships,
            Map<CollectionId, EncString> collectionNames) {
        throw new UnsupportedOperationException();
    }

    public ItemId createItem(OrganizationId organization, Map<String, Object> item, List<CollectionId> collections) {
        throw new UnsupportedOperationException();
    }

    public void setItemCollections(ItemId item, List<CollectionId> collections) {
        throw new UnsupportedOperationException();
    }

    public void trashItems(OrganizationId organization, List<ItemId> items) {
        throw new UnsupportedOperationException();
    }

    public void deleteItems(OrganizationId organization, List<ItemId> items) {
        throw new UnsupportedOperationException();
    }

    public AttachmentSlot createAttachment(ItemId item, EncString key, EncString fileName, long encryptedSize) {
        throw new UnsupportedOperationException();
    }

    public void uploadAttachment(AttachmentSlot slot, EncString fileName, InputStream content, long length) {
        throw new UnsupportedOperationException();
    }

    public AttachmentLink attachmentLink(ItemId item, AttachmentId attachment) {
        throw new UnsupportedOperationException();
    }

    public Download download(AttachmentLink link) {
        throw new UnsupportedOperationException();
    }

    public void deleteAttachment(ItemId item, AttachmentId attachment) {
        throw new UnsupportedOperationException();
    }
}
