package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Access;
import io.vaultferry.sandbox.server.Organization.Group;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.OrganizationCollection;
import io.vaultferry.sandbox.server.Organization.Role;
import io.vaultferry.sandbox.server.Rights.Membership;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collections and who may see them. */
final class CollectionEndpoints {

    private static final String COLLECTIONS = "/api/organizations/{organization}/collections";

    private final Vault vault;
    private final Rights rights;
    private final boolean groupsEnabled;

    CollectionEndpoints(Vault vault, Rights rights, boolean groupsEnabled) {
        this.vault = vault;
        this.rights = rights;
        this.groupsEnabled = groupsEnabled;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get("/api/collections", this::listOwn);
        endpoints.get(COLLECTIONS, this::list);
        endpoints.get(COLLECTIONS + "/details", this::listDetails);
        endpoints.post(COLLECTIONS, this::create);
        endpoints.delete(COLLECTIONS, this::deleteSeveral);
        endpoints.post(COLLECTIONS + "/bulk-access", this::replaceAccessOfSeveral);
        endpoints.putOrPost(COLLECTIONS + "/{collection}", this::update);
        endpoints.delete(COLLECTIONS + "/{collection}", this::delete);
        endpoints.post(COLLECTIONS + "/{collection}/delete", this::delete);
        endpoints.get(COLLECTIONS + "/{collection}/details", this::readDetails);
        endpoints.get(COLLECTIONS + "/{collection}/users", this::listUsers);
    }

    private Response listOwn(Call call) {
        return Json.ok(Json.list(visibleTo(call.account())));
    }

    /** The collections that an account may see, by id, as the recorded server lists them. */
    ArrayNode visibleTo(Account account) {
        List<ObjectNode> visible = vault.organizations()
                .flatMap(organization -> organization.memberOf(account.id).stream()
                        .flatMap(member -> organization.collections.values().stream()
                                .flatMap(collection -> rights
                                        .accessTo(organization, member, List.of(collection.id()))
                                        .map(access -> withAccess(organization, collection, member, access))
                                        .stream())))
                .sorted(Comparator.comparing(json -> json.get("id").textValue()))
                .toList();
        return Json.array().addAll(visible);
    }

    private ObjectNode withAccess(
            Organization organization, OrganizationCollection collection, Member member, Access access) {
        ObjectNode json = json(organization, collection);
        json.put("object", "collectionDetails");
        json.put("readOnly", access.readOnly());
        json.put("hidePasswords", access.hidePasswords());
        // A plain user never appears as managing a collection here, even where he may.
        json.put("manage", access.manage() && member.isAtLeast(Role.MANAGER));
        return json;
    }

    private Response list(Call call) {
        Organization organization = rights.withFullAccess(Role.MANAGER, call.account(), call.variable("organization"))
                .organization();
        return Json.ok(Json.list(Json.arrayOf(
                organization.collections.values(), (array, collection) -> array.add(json(organization, collection)))));
    }

    private Response listDetails(Call call) {
        Membership membership = rights.atLeast(Role.MANAGER, call.account(), call.variable("organization"));
        Organization organization = membership.organization();
        boolean all = rights.hasFullAccess(organization, membership.member());
        ArrayNode data = Json.array();
        for (OrganizationCollection collection : organization.collections.values()) {
            if (all
                    || rights.accessTo(organization, membership.member(), List.of(collection.id()))
                            .isPresent()) {
                data.add(details(membership, collection));
            }
        }
        return Json.ok(Json.list(data));
    }

    private Response readDetails(Call call) {
        Membership membership =
                rights.managerOf(call.account(), call.variable("organization"), call.variable("collection"));
        return Json.ok(details(membership, membership.organization().collections.get(call.variable("collection"))));
    }

    private ObjectNode details(Membership membership, OrganizationCollection collection) {
        Organization organization = membership.organization();
        Optional<Access> own = rights.accessTo(organization, membership.member(), List.of(collection.id()));
        ObjectNode json = json(organization, collection);
        json.put("object", "collectionAccessDetails");
        json.put("readOnly", own.map(Access::readOnly).orElse(false));
        json.put("hidePasswords", own.map(Access::hidePasswords).orElse(false));
        json.put("manage", own.map(Access::manage).orElse(false));
        json.put("assigned", own.isPresent());
        json.set("users", users(organization, collection));
        json.set("groups", groups(organization, collection));
        json.put("unmanaged", false);
        return json;
    }

    /** Members with access of their own, then the confirmed ones who see everything anyway. */
    private static ArrayNode users(Organization organization, OrganizationCollection collection) {
        ArrayNode users = Json.array();
        organization.members.values().stream()
                .filter(member -> !member.accessAll && member.collections.containsKey(collection.id()))
                .forEach(member -> users.add(OrganizationEndpoints.accessJson(
                        member.id, Rights.inferManage(member, member.collections.get(collection.id())))));
        organization.members.values().stream()
                .filter(member -> member.accessAll && member.isConfirmed())
                .forEach(member -> users.add(OrganizationEndpoints.accessJson(member.id, Access.FULL)));
        return users;
    }

    private ArrayNode groups(Organization organization, OrganizationCollection collection) {
        ArrayNode groups = Json.array();
        if (groupsEnabled) {
            organization.groups.values().stream()
                    .filter(group -> group.collections.containsKey(collection.id()))
                    .sorted(Comparator.comparing((Group group) -> group.id))
                    .forEach(group -> {
                        Access stored = group.collections.get(collection.id());
                        // Here an unrestricted group reads as managing the collection, whatever is stored.
                        boolean manage = stored.manage() || (!stored.readOnly() && !stored.hidePasswords());
                        groups.add(OrganizationEndpoints.accessJson(
                                group.id, new Access(stored.readOnly(), stored.hidePasswords(), manage)));
                    });
        }
        return groups;
    }

    private Response listUsers(Call call) {
        Organization organization = rights.managerOf(
                        call.account(), call.variable("organization"), call.variable("collection"))
                .organization();
        ArrayNode users = Json.array();
        organization.members.values().stream()
                .filter(member -> member.collections.containsKey(call.variable("collection")))
                .forEach(member -> users.add(OrganizationEndpoints.accessJson(
                        member.id, Rights.inferManage(member, member.collections.get(call.variable("collection"))))));
        return Json.ok(users);
    }

    /** The body of a collection to make or to change. */
    private record CollectionRequest(
            String name, Optional<String> externalId, List<Selection> groups, List<Selection> users) {

        static CollectionRequest read(Json body) {
            return new CollectionRequest(
                    body.text("name"),
                    body.optionalText("externalId").filter(id -> !id.isBlank()),
                    body.objects("groups", Selection::read),
                    body.objects("users", Selection::read));
        }

        void check(Organization organization) {
            if (groups.stream().anyMatch(group -> !organization.groups.containsKey(group.id()))) {
                throw Refusal.invalid("Invalid group");
            }
            if (users.stream().anyMatch(user -> !organization.members.containsKey(user.id()))) {
                throw Refusal.invalid("User is not part of organization");
            }
        }
    }

    private Response create(Call call) {
        Membership membership = rights.atLeast(Role.MANAGER, call.account(), call.variable("organization"));
        Organization organization = membership.organization();
        CollectionRequest request = CollectionRequest.read(call.json());
        request.check(organization);
        OrganizationCollection collection = new OrganizationCollection(
                vault.newId(), request.name(), request.externalId().orElse(null));
        organization.collections.put(collection.id(), collection);
        grant(organization, collection.id(), request.groups(), request.users());
        Member member = membership.member();
        if (!rights.hasFullAccess(organization, member)) {
            member.collections.put(collection.id(), Access.FULL);
        }
        vault.touch(organization);
        return Json.ok(withAccess(
                organization,
                collection,
                member,
                rights.accessTo(organization, member, List.of(collection.id())).orElse(Access.FULL)));
    }

    private Response update(Call call) {
        Membership membership =
                rights.managerOf(call.account(), call.variable("organization"), call.variable("collection"));
        Organization organization = membership.organization();
        CollectionRequest request = CollectionRequest.read(call.json());
        request.check(organization);
        String id = call.variable("collection");
        OrganizationCollection collection = new OrganizationCollection(
                id, request.name(), request.externalId().orElse(null));
        Organization.save(organization.collections, id, collection);
        revoke(organization, id);
        grant(organization, id, request.groups(), request.users());
        vault.touch(organization);
        return Json.ok(withAccess(
                organization,
                collection,
                membership.member(),
                rights.accessTo(organization, membership.member(), List.of(id)).orElse(Access.FULL)));
    }

    private void replaceAccess(Organization organization, String id, List<Selection> groups, List<Selection> users) {
        revoke(organization, id);
        grant(organization, id, groups, users);
    }

    private static void revoke(Organization organization, String collectionId) {
        organization.groups.values().forEach(group -> group.collections.remove(collectionId));
        organization.members.values().forEach(member -> member.collections.remove(collectionId));
    }

    private static void grant(
            Organization organization, String collectionId, List<Selection> groups, List<Selection> users) {
        groups.forEach(group -> organization.groups.get(group.id()).collections.put(collectionId, group.access()));
        users.forEach(user -> {
            Member member = organization.members.get(user.id());
            // Who sees everything anyway is passed over without a word.
            if (!member.accessAll) {
                member.collections.put(collectionId, user.access());
            }
        });
    }

    private Response replaceAccessOfSeveral(Call call) {
        Membership membership = rights.atLeast(Role.MANAGER, call.account(), call.variable("organization"));
        Organization organization = membership.organization();
        Json body = call.json();
        List<String> ids = body.texts("collectionIds");
        List<Selection> groups = body.objects("groups", Selection::read);
        List<Selection> users = body.objects("users", Selection::read);
        for (String id : ids) {
            if (!organization.collections.containsKey(id)) {
                throw Refusal.invalid("Collection not found");
            }
            boolean manages = rights.accessTo(organization, membership.member(), List.of(id))
                    .filter(Access::manage)
                    .isPresent();
            if (!manages) {
                throw Refusal.invalid("The current user isn't a manager for this collection");
            }
            new CollectionRequest("", Optional.empty(), groups, users).check(organization);
            replaceAccess(organization, id, groups, users);
        }
        vault.touch(organization);
        return Response.empty(200);
    }

    private Response delete(Call call) {
        Organization organization = rights.managerOf(
                        call.account(), call.variable("organization"), call.variable("collection"))
                .organization();
        remove(organization, call.variable("collection"));
        return Response.empty(200);
    }

    private Response deleteSeveral(Call call) {
        Organization organization = rights.atLeast(Role.MANAGER, call.account(), call.variable("organization"))
                .organization();
        List<String> ids = call.json().texts("ids");
        ids.forEach(id -> rights.managerOf(call.account(), organization.id, id));
        ids.forEach(id -> remove(organization, id));
        return Response.empty(200);
    }

    private void remove(Organization organization, String collectionId) {
        organization.removeCollection(collectionId);
        vault.itemsOf(organization).stream()
                .filter(item -> item.collectionIds().contains(collectionId))
                .forEach(item -> vault.replaceItem(item.notInCollection(collectionId)));
        vault.touch(organization);
    }

    static ObjectNode json(Organization organization, OrganizationCollection collection) {
        ObjectNode json = Json.object();
        json.put("externalId", collection.externalId());
        json.put("id", collection.id());
        json.put("organizationId", organization.id);
        json.put("name", collection.name());
        json.put("type", 0);
        json.putNull("defaultUserCollectionEmail");
        json.put("object", "collection");
        return json;
    }
}
