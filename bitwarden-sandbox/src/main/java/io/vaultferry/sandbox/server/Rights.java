package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.server.Organization.Access;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.Role;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Who may do what. Used within the vault's lock. */
final class Rights {

    private final Vault vault;
    private final boolean groupsEnabled;

    Rights(Vault vault, boolean groupsEnabled) {
        this.vault = vault;
        this.groupsEnabled = groupsEnabled;
    }

    /** An organization and what the caller is in it. */
    record Membership(Organization organization, Member member) {}

    /** The caller's confirmed membership; anything else is refused as if not logged in. */
    Membership member(Account account, String organizationId) {
        return vault.organization(organizationId)
                .flatMap(organization -> organization
                        .memberOf(account.id)
                        .filter(Member::isConfirmed)
                        .map(member -> new Membership(organization, member)))
                .orElseThrow(Refusal::unauthenticated);
    }

    Membership atLeast(Role role, Account account, String organizationId) {
        Membership membership = member(account, organizationId);
        if (!membership.member().isAtLeast(role)) {
            throw Refusal.unauthenticated();
        }
        return membership;
    }

    /** A manager or more who sees everything; others are told that there is nothing. */
    Membership withFullAccess(Role role, Account account, String organizationId) {
        Membership membership = atLeast(role, account, organizationId);
        if (!hasFullAccess(membership.organization(), membership.member())) {
            throw Refusal.hidden();
        }
        return membership;
    }

    /** A manager of this collection, or somebody who may manage all. */
    Membership managerOf(Account account, String organizationId, String collectionId) {
        Membership membership = atLeast(Role.MANAGER, account, organizationId);
        boolean manages = membership.organization().collections.containsKey(collectionId)
                && accessTo(membership.organization(), membership.member(), List.of(collectionId))
                        .filter(Access::manage)
                        .isPresent();
        if (!manages) {
            throw Refusal.unauthenticated();
        }
        return membership;
    }

    boolean hasFullAccess(Organization organization, Member member) {
        return member.accessAll
                || member.isAtLeast(Role.ADMIN)
                || (groupsEnabled
                        && organization.groups.values().stream()
                                .anyMatch(group -> group.accessAll && group.members.contains(member.id)));
    }

    /** What a confirmed member may do through any of these collections; empty when nothing. */
    Optional<Access> accessTo(Organization organization, Member member, Collection<String> collectionIds) {
        if (!member.isConfirmed()) {
            return Optional.empty();
        }
        if (hasFullAccess(organization, member)) {
            return Optional.of(Access.FULL);
        }
        return collectionIds.stream()
                .flatMap(id -> java.util.stream.Stream.concat(
                        Optional.ofNullable(member.collections.get(id))
                                .map(access -> inferManage(member, access))
                                .stream(),
                        groupsEnabled
                                ? organization.groups.values().stream()
                                        .filter(group -> group.members.contains(member.id))
                                        .flatMap(group -> Optional.ofNullable(group.collections.get(id)).stream())
                                : java.util.stream.Stream.empty()))
                .reduce((a, b) -> new Access(
                        a.readOnly() && b.readOnly(),
                        a.hidePasswords() && b.hidePasswords(),
                        a.manage() || b.manage()));
    }

    /** A manager without restrictions in a collection is shown as managing it. */
    static Access inferManage(Member member, Access stored) {
        boolean manage =
                stored.manage() || (member.role == Role.MANAGER && !stored.readOnly() && !stored.hidePasswords());
        return new Access(stored.readOnly(), stored.hidePasswords(), manage);
    }

    boolean mayWriteTo(Organization organization, Member member, String collectionId) {
        return accessTo(organization, member, List.of(collectionId))
                .filter(access -> !access.readOnly())
                .isPresent();
    }

    /** What an account may do with an item; empty when it may not even see it. */
    Optional<Access> accessTo(Item item, Account account) {
        if (account.id.equals(item.userId())) {
            return Optional.of(Access.FULL);
        }
        return Optional.ofNullable(item.organizationId())
                .flatMap(vault::organization)
                .flatMap(organization -> organization
                        .memberOf(account.id)
                        .flatMap(member -> accessTo(organization, member, item.collectionIds())));
    }

    boolean mayWrite(Item item, Account account) {
        return accessTo(item, account).filter(access -> !access.readOnly()).isPresent();
    }

    /** An account's own view of an item. */
    Optional<ItemView> viewOf(Item item, Account account) {
        return accessTo(item, account)
                .map(access -> new ItemView(
                        item,
                        visibleCollections(item, account),
                        Optional.of(new ItemView.UserPart(
                                item.favoriteOf().contains(account.id), !access.readOnly(), !access.hidePasswords()))));
    }

    private Collection<String> visibleCollections(Item item, Account account) {
        Optional<Organization> organization =
                Optional.ofNullable(item.organizationId()).flatMap(vault::organization);
        if (organization.isEmpty()) {
            return List.of();
        }
        Optional<Member> member = organization.get().memberOf(account.id);
        return item.collectionIds().stream()
                .filter(id -> member.flatMap(m -> accessTo(organization.get(), m, List.of(id)))
                        .isPresent())
                .toList();
    }
}
