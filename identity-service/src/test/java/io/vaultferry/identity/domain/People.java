package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Members with defaults: a confirmed user without access. */
record People(
        String email,
        MemberRole role,
        boolean accessAll,
        List<Access<CollectionId>> collections,
        List<GroupId> groups,
        Map<String, Object> permissions) {

    static People person() {
        return new People("person@example.test", MemberRole.USER, false, List.of(), List.of(), Map.of());
    }

    People withEmail(String value) {
        return new People(value, role, accessAll, collections, groups, permissions);
    }

    People as(MemberRole value) {
        return new People(email, value, accessAll, collections, groups, permissions);
    }

    People withEverything() {
        return new People(email, role, true, collections, groups, permissions);
    }

    People using(List<Access<CollectionId>> access) {
        return new People(email, role, accessAll, access, groups, permissions);
    }

    People in(String... ids) {
        return new People(
                email,
                role,
                accessAll,
                collections,
                Arrays.stream(ids).map(GroupId::new).toList(),
                permissions);
    }

    People allowed(Map<String, Object> value) {
        return new People(email, role, accessAll, collections, groups, value);
    }

    Member member() {
        return new Member(
                new MemberId("member"),
                Optional.empty(),
                email,
                Optional.empty(),
                Optional.empty(),
                MemberStatus.CONFIRMED,
                role,
                accessAll,
                false,
                collections,
                groups,
                permissions);
    }

    static Access<CollectionId> reads(String collection) {
        return new Access<>(new CollectionId(collection), true, false, false);
    }

    static Access<CollectionId> edits(String collection) {
        return new Access<>(new CollectionId(collection), false, false, false);
    }

    static Access<CollectionId> manages(String collection) {
        return new Access<>(new CollectionId(collection), false, false, true);
    }

    static Access<CollectionId> readsHidden(String collection) {
        return new Access<>(new CollectionId(collection), true, true, false);
    }
}
