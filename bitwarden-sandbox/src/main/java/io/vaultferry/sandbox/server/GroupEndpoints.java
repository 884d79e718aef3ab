package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Group;
import io.vaultferry.sandbox.server.Organization.Role;
import java.util.List;
import java.util.Optional;

/** Groups; a switch turns them off, and then the lists are empty and everything else is refused. */
final class GroupEndpoints {

    private static final String GROUPS = "/api/organizations/{organization}/groups";

    private final Vault vault;
    private final Rights rights;
    private final boolean enabled;

    GroupEndpoints(Vault vault, Rights rights, boolean enabled) {
        this.vault = vault;
        this.rights = rights;
        this.enabled = enabled;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get(GROUPS, call -> list(call, false));
        endpoints.get(GROUPS + "/details", call -> list(call, true));
        endpoints.post(GROUPS, this::create);
        endpoints.delete(GROUPS, this::deleteSeveral);
        endpoints.get(GROUPS + "/{group}", call -> Json.ok(json(organization(call), group(call))));
        endpoints.get(GROUPS + "/{group}/details", call -> Json.ok(details(organization(call), group(call))));
        endpoints.putOrPost(GROUPS + "/{group}", this::update);
        endpoints.delete(GROUPS + "/{group}", this::delete);
        endpoints.post(GROUPS + "/{group}/delete", this::delete);
        endpoints.get(GROUPS + "/{group}/users", this::listMembers);
        endpoints.put(GROUPS + "/{group}/users", this::replaceMembers);
        endpoints.post(GROUPS + "/{group}/delete-user/{member}", this::removeMember);
    }

    private Response list(Call call, boolean withDetails) {
        Organization organization = rights.withFullAccess(Role.MANAGER, call.account(), call.variable("organization"))
                .organization();
        ArrayNode data = Json.array();
        if (enabled) {
            organization.groups.values().forEach(group -> {
                ObjectNode json = withDetails ? details(organization, group) : json(organization, group);
                if (!withDetails) {
                    json.remove("accessAll");
                }
                data.add(json);
            });
        }
        return Json.ok(Json.list(data));
    }

    /** The body of a group to make or to change. */
    private record GroupRequest(
            String name,
            boolean accessAll,
            Optional<String> externalId,
            List<Selection> collections,
            List<String> users) {

        static GroupRequest read(Json body) {
            return new GroupRequest(
                    body.text("name"),
                    body.flag("accessAll", false),
                    body.optionalText("externalId").filter(id -> !id.isBlank()),
                    body.objects("collections", Selection::read),
                    body.texts("users"));
        }

        void check(Organization organization) {
            if (collections.stream().anyMatch(selection -> !organization.collections.containsKey(selection.id()))) {
                throw Refusal.invalid("Invalid collection");
            }
            if (users.stream().anyMatch(user -> !organization.members.containsKey(user))) {
                throw Refusal.invalid("Invalid member");
            }
        }

        void applyTo(Group group) {
            group.name = name;
            group.accessAll = accessAll;
            group.collections.clear();
            collections.forEach(selection -> group.collections.put(selection.id(), selection.access()));
            group.members.clear();
            group.members.addAll(users);
        }
    }

    private Response create(Call call) {
        Organization organization = organization(call);
        GroupRequest request = GroupRequest.read(call.json());
        requireEnabled();
        request.check(organization);
        Group group = new Group();
        group.id = vault.newId();
        group.externalId = request.externalId().orElse(null);
        request.applyTo(group);
        organization.groups.put(group.id, group);
        vault.touch(organization);
        return Json.ok(json(organization, group));
    }

    private Response update(Call call) {
        Organization organization = organization(call);
        GroupRequest request = GroupRequest.read(call.json());
        Group group = group(call);
        request.check(organization);
        // The external id stays what it was at the beginning.
        request.applyTo(group);
        Organization.save(organization.groups, group.id, group);
        vault.touch(organization);
        return Json.ok(json(organization, group));
    }

    private Response delete(Call call) {
        Organization organization = organization(call);
        organization.groups.remove(group(call).id);
        vault.touch(organization);
        return Response.empty(200);
    }

    private Response deleteSeveral(Call call) {
        Organization organization = organization(call);
        requireEnabled();
        for (String id : call.json().texts("ids")) {
            if (organization.groups.remove(id) == null) {
                throw Refusal.invalid("Group not found");
            }
        }
        vault.touch(organization);
        return Response.empty(200);
    }

    private Response listMembers(Call call) {
        return Json.ok(Json.arrayOf(group(call).members, ArrayNode::add));
    }

    private Response replaceMembers(Call call) {
        Organization organization = organization(call);
        Group group = group(call);
        List<String> members = Json.ids(call.body());
        if (members.stream().anyMatch(member -> !organization.members.containsKey(member))) {
            throw Refusal.invalid("Invalid member");
        }
        group.members.clear();
        group.members.addAll(members);
        vault.touch(organization);
        return Response.empty(200);
    }

    private Response removeMember(Call call) {
        Organization organization = organization(call);
        Group group = group(call);
        if (!organization.members.containsKey(call.variable("member"))) {
            throw Refusal.invalid("User could not be found or does not belong to the organization.");
        }
        group.members.remove(call.variable("member"));
        vault.touch(organization);
        return Response.empty(200);
    }

    private Organization organization(Call call) {
        return rights.atLeast(Role.ADMIN, call.account(), call.variable("organization"))
                .organization();
    }

    private Group group(Call call) {
        Organization organization = organization(call);
        requireEnabled();
        return Optional.ofNullable(organization.groups.get(call.variable("group")))
                .orElseThrow(() -> Refusal.invalid("Group not found"));
    }

    private void requireEnabled() {
        if (!enabled) {
            throw Refusal.invalid("Group support is disabled");
        }
    }

    private static ObjectNode json(Organization organization, Group group) {
        ObjectNode json = Json.object();
        json.put("id", group.id);
        json.put("organizationId", organization.id);
        json.put("name", group.name);
        json.put("accessAll", group.accessAll);
        json.put("externalId", group.externalId);
        json.put("object", "group");
        return json;
    }

    private static ObjectNode details(Organization organization, Group group) {
        ObjectNode json = json(organization, group);
        json.set(
                "collections",
                Json.arrayOf(
                        group.collections.entrySet(),
                        (array, entry) ->
                                array.add(OrganizationEndpoints.accessJson(entry.getKey(), entry.getValue()))));
        json.put("object", "groupDetails");
        return json;
    }
}
