package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.participant.documents.IdMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts access to collections and membership in groups into the target's ids. What was not moved is left out. */
public final class Translation {

    private final IdMap collections;
    private final IdMap groups;

    public Translation(IdMap collections, IdMap groups) {
        this.collections = collections;
        this.groups = groups;
    }

    public List<Access<CollectionId>> access(List<Access<CollectionId>> source) {
        List<Access<CollectionId>> translated = new ArrayList<>();
        for (Access<CollectionId> access : source) {
            collections
                    .targetOf(access.id().value())
                    .ifPresent(id -> translated.add(new Access<>(
                            new CollectionId(id), access.readOnly(), access.hidePasswords(), access.manage())));
        }
        return translated;
    }

    public List<GroupId> groups(List<GroupId> source) {
        return source.stream()
                .flatMap(id -> groups.targetOf(id.value()).stream())
                .map(GroupId::new)
                .toList();
    }

    /** What somebody has in the target already, and what the source gives on top; the target's own access stays. */
    public static List<Access<CollectionId>> union(
            List<Access<CollectionId>> existing, List<Access<CollectionId>> added) {
        Map<CollectionId, Access<CollectionId>> byCollection = new LinkedHashMap<>();
        existing.forEach(access -> byCollection.put(access.id(), access));
        added.forEach(access -> byCollection.putIfAbsent(access.id(), access));
        return List.copyOf(byCollection.values());
    }

    public static List<GroupId> unionOfGroups(List<GroupId> existing, List<GroupId> added) {
        Set<GroupId> all = new LinkedHashSet<>(existing);
        all.addAll(added);
        return List.copyOf(all);
    }
}
