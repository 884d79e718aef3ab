package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.Role;
import io.vaultferry.sandbox.server.Organization.Status;
import io.vaultferry.sandbox.server.Rights.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Members: invited, accepted, confirmed, revoked. This server has no mail: whoever has an account is accepted at the
 * moment of the invitation, the others when they register.
 */
final class MemberEndpoints {

    private static final String USERS = "/api/organizations/{organization}/users";
    private static final int REVOKED = -1;

    private final Vault vault;
    private final Rights rights;
    private final PolicyEndpoints policies;
    private final boolean groupsEnabled;

    MemberEndpoints(Vault vault, Rights rights, PolicyEndpoints policies, boolean groupsEnabled) {
        this.vault = vault;
        this.rights = rights;
        this.policies = policies;
        this.groupsEnabled = groupsEnabled;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get(USERS, this::list);
        endpoints.get(USERS + "/mini-details", this::listBriefly);
        endpoints.get(USERS + "/{member}", this::read);
        endpoints.post(USERS + "/invite", this::invite);
        endpoints.post(USERS + "/public-keys", this::publicKeys);
        endpoints.post(USERS + "/{member}/confirm", this::confirm);
        endpoints.post(USERS + "/confirm", this::confirmSeveral);
        endpoints.post(USERS + "/{member}/reinvite", one(this::reinvite));
        endpoints.post(USERS + "/reinvite", several(this::reinvite));
        endpoints.putOrPost(USERS + "/{member}", this::update);
        endpoints.put(USERS + "/{member}/revoke", one(this::revoke));
        endpoints.put(USERS + "/revoke", several(this::revoke));
        endpoints.put(USERS + "/{member}/restore", one(this::restore));
        endpoints.put(USERS + "/{member}/restore/vnext", one(this::restore));
        endpoints.put(USERS + "/restore", several(this::restore));
        endpoints.delete(USERS + "/{member}", one(this::remove));
        endpoints.post(USERS + "/{member}/delete", one(this::remove));
        endpoints.delete(USERS, several(this::remove));
    }

    // ---- reading

    private Response list(Call call) {
        Organization organization = rights.withFullAccess(Role.MANAGER, call.account(), call.variable("organization"))
                .organization();
        boolean collections = call.isAsked("includeCollections");
        boolean groups = call.isAsked("includeGroups");
        return Json.ok(Json.list(Json.arrayOf(
                organization.members.values(),
                (array, member) -> array.add(details(organization, member, collections, groups)))));
    }

    private Response listBriefly(Call call) {
        Organization organization = rights.atLeast(Role.MANAGER, call.account(), call.variable("organization"))
                .organization();
        return Json.ok(Json.list(Json.arrayOf(organization.members.values(), (array, member) -> {
            ObjectNode json = array.addObject();
            Account account = account(member);
            json.put("id", member.id);
            json.put("userId", member.userId);
            json.put("type", member.role.numberToShow());
            json.put("status", shownStatus(member));
            json.put("name", account.name);
            json.put("email", account.email);
            json.put("object", "organizationUserUserMiniDetails");
        })));
    }

    private Response read(Call call) {
        Organization organization = asAdministrator(call).organization();
        Member member = find(organization, call.variable("member"));
        ObjectNode json = details(organization, member, true, call.isAsked("includeGroups"));
        json.put("object", "organizationUserDetails");
        return Json.ok(json);
    }

    private ObjectNode details(Organization organization, Member member, boolean collections, boolean groups) {
        Account account = account(member);
        ObjectNode json = Json.object();
        json.put("id", member.id);
        json.put("userId", member.userId);
        json.put("name", account.name);
        json.put("email", account.email);
        json.put("externalId", member.externalId);
        json.putNull("avatarColor");
        ArrayNode groupIds = json.putArray("groups");
        if (groups && groupsEnabled) {
            organization.groups.values().stream()
                    .filter(group -> group.members.contains(member.id))
                    .forEach(group -> groupIds.add(group.id));
        }
        ArrayNode access = json.putArray("collections");
        // Of those who are not confirmed, the recorded server shows no collections, though it keeps them.
        if (collections && member.isConfirmed() && !rights.hasFullAccess(organization, member)) {
            member.collections.forEach((id, stored) ->
                    access.add(OrganizationEndpoints.accessJson(id, Rights.inferManage(member, stored))));
        }
        json.put("status", shownStatus(member));
        json.put("type", member.role.numberToShow());
        json.put("accessAll", member.accessAll);
        json.put("twoFactorEnabled", account.hasTwoFactor());
        json.put("resetPasswordEnrolled", false);
        json.put("hasMasterPassword", account.isRegistered());
        if (member.role == Role.MANAGER && member.accessAll) {
            json.set("permissions", OrganizationEndpoints.permissions(true));
        } else {
            json.putNull("permissions");
        }
        json.put("ssoBound", false);
        json.put("managedByOrganization", false);
        json.put("claimedByOrganization", false);
        json.put("usesKeyConnector", false);
        json.put("accessSecretsManager", false);
        json.put("object", "organizationUserUserDetails");
        return json;
    }

    private Response publicKeys(Call call) {
        Organization organization = asAdministrator(call).organization();
        ArrayNode data = Json.array();
        for (String id : call.json().texts("ids")) {
            Optional.ofNullable(organization.members.get(id)).ifPresent(member -> {
                ObjectNode json = data.addObject();
                json.put("object", "organizationUserPublicKeyResponseModel");
                json.put("id", member.id);
                json.put("userId", member.userId);
                json.put("key", account(member).publicKey);
            });
        }
        return Json.ok(Json.list(data));
    }

    // ---- inviting and confirming

    /** The role and what comes with it, of an invitation or a change. */
    private record Grant(Role role, boolean accessAll, List<Selection> collections, List<String> groups) {

        static Grant read(Json body, boolean groupsRequired) {
            long type = body.numberOrText("type");
            JsonNode permissions = body.objectUnlessLeftOut("permissions");
            Role role = Role.of((int) type).orElseThrow(() -> Refusal.invalid("Invalid type"));
            boolean allCollections = type == Role.CUSTOM
                    && permissions.path("editAnyCollection").asBoolean()
                    && permissions.path("deleteAnyCollection").asBoolean()
                    && permissions.path("createNewCollections").asBoolean();
            List<Selection> collections = new ArrayList<>();
            body.arrayOrNothing("collections").forEach(node -> collections.add(Selection.read(Json.of(node))));
            List<String> groups = groupsRequired
                    ? body.texts("groups")
                    : body.arrayOrNothing("groups").stream().map(Json::textOf).toList();
            return new Grant(role, role.rank >= Role.ADMIN.rank || allCollections, collections, groups);
        }

        void applyTo(Organization organization, Member member) {
            member.role = role;
            member.accessAll = accessAll;
            member.collections.clear();
            if (!accessAll) {
                for (Selection selection : collections) {
                    if (!organization.collections.containsKey(selection.id())) {
                        throw Refusal.invalid("Collection not found in Organization");
                    }
                    member.collections.put(selection.id(), selection.access());
                }
            }
            organization.groups.values().forEach(group -> group.members.remove(member.id));
            groups.stream()
                    .map(organization.groups::get)
                    .filter(Objects::nonNull)
                    .forEach(group -> group.members.add(member.id));
        }
    }

    private Response invite(Call call) {
        Membership inviter = asAdministrator(call);
        Organization organization = inviter.organization();
        Json body = call.json();
        List<String> emails = body.texts("emails");
        Grant grant = Grant.read(body, true);
        if (grant.role() != Role.USER && inviter.member().role != Role.OWNER) {
            throw Refusal.invalid("Only Owners can invite Managers, Admins or Owners");
        }
        // One after the other: those before a refused one stay invited.
        for (String email : emails) {
            Optional<Account> known = vault.accountByEmail(email);
            if (known.flatMap(account -> organization.memberOf(account.id)).isPresent()) {
                throw Refusal.invalid("User already in organization: " + email);
            }
            Account account = known.orElseGet(() -> {
                vault.state().invitations.add(Vault.normalize(email));
                return vault.addAccount(email);
            });
            Member member = new Member();
            member.id = vault.newId();
            member.userId = account.id;
            member.status = account.isRegistered() ? Status.ACCEPTED : Status.INVITED;
            grant.applyTo(organization, member);
            organization.members.put(member.id, member);
        }
        return Response.empty(200);
    }

    private void reinvite(Membership caller, Member member) {
        if (member.status != Status.INVITED) {
            throw Refusal.invalid("The user is already accepted or confirmed to the organization");
        }
        Account account = account(member);
        if (account.isRegistered()) {
            vault.state().invitations.remove(account.email);
            member.status = Status.ACCEPTED;
            Organization.save(caller.organization().members, member.id, member);
        } else {
            vault.state().invitations.add(account.email);
        }
    }

    private Response confirm(Call call) {
        Membership caller = asAdministrator(call);
        confirm(caller, call.variable("member"), call.json().optionalText("key").orElse(""));
        return Response.empty(200);
    }

    private Response confirmSeveral(Call call) {
        Membership caller = asAdministrator(call);
        List<Json> keys = call.json().objects("keys", json -> json);
        ArrayNode data = Json.array();
        for (Json entry : keys) {
            String id = entry.optionalText("id").orElse("");
            data.add(bulkResult(
                    id, () -> confirm(caller, id, entry.optionalText("key").orElse(""))));
        }
        return Json.ok(Json.list(data));
    }

    private void confirm(Membership caller, String memberId, String key) {
        if (key.isEmpty() || memberId.isEmpty()) {
            throw Refusal.invalid("Key or UserId is not set, unable to process request");
        }
        Organization organization = caller.organization();
        Member member = Optional.ofNullable(organization.members.get(memberId))
                .orElseThrow(() -> Refusal.invalid("The specified user isn't a member of the organization"));
        if (member.role != Role.USER && caller.member().role != Role.OWNER) {
            throw Refusal.invalid("Only Owners can confirm Managers, Admins or Owners");
        }
        if (member.status != Status.ACCEPTED || member.revoked) {
            throw Refusal.invalid("User in invalid state");
        }
        policies.requireAdmitted(organization, member);
        member.status = Status.CONFIRMED;
        member.key = key;
        Organization.save(organization.members, member.id, member);
        vault.touch(account(member));
    }

    // ---- changing

    private Response update(Call call) {
        Membership caller = asAdministrator(call);
        Organization organization = caller.organization();
        Grant grant = Grant.read(call.json(), false);
        Member member = Optional.ofNullable(organization.members.get(call.variable("member")))
                .orElseThrow(() -> Refusal.invalid("The specified user isn't member of the organization"));
        boolean asOwner = caller.member().role == Role.OWNER;
        boolean touchesAdministrators = member.isAtLeast(Role.ADMIN) || grant.role().rank >= Role.ADMIN.rank;
        if (grant.role() != member.role && touchesAdministrators && !asOwner) {
            throw Refusal.invalid("Only Owners can grant and remove Admin or Owner privileges");
        }
        if (member.role == Role.OWNER && !asOwner) {
            throw Refusal.invalid("Only Owners can edit Owner users");
        }
        if (isLastOwner(organization, member) && grant.role() != Role.OWNER) {
            throw Refusal.invalid("Can't delete the last owner");
        }
        grant.applyTo(organization, member);
        Organization.save(organization.members, member.id, member);
        vault.touch(organization);
        return Response.empty(200);
    }

    private void revoke(Membership caller, Member member) {
        if (member.revoked) {
            throw Refusal.invalid("User is already revoked");
        }
        if (member == caller.member()) {
            throw Refusal.invalid("You cannot revoke yourself");
        }
        if (member.role == Role.OWNER && caller.member().role != Role.OWNER) {
            throw Refusal.invalid("Only owners can revoke other owners");
        }
        if (isLastOwner(caller.organization(), member)) {
            throw Refusal.invalid("Organization must have at least one confirmed owner");
        }
        vault.touch(account(member));
        member.revoked = true;
        Organization.save(caller.organization().members, member.id, member);
    }

    private void restore(Membership caller, Member member) {
        if (!member.revoked) {
            throw Refusal.invalid("User is already active");
        }
        if (member.role == Role.OWNER && caller.member().role != Role.OWNER) {
            throw Refusal.invalid("Only owners can restore other owners");
        }
        policies.requireAdmitted(caller.organization(), member);
        member.revoked = false;
        Organization.save(caller.organization().members, member.id, member);
        vault.touch(account(member));
    }

    private void remove(Membership caller, Member member) {
        if (member.role != Role.USER && caller.member().role != Role.OWNER) {
            throw Refusal.invalid("Only Owners can delete Admins or Owners");
        }
        if (isLastOwner(caller.organization(), member)) {
            throw Refusal.invalid("Can't delete the last owner");
        }
        Account account = account(member);
        vault.touch(account);
        caller.organization().removeMember(member.id);
        boolean invitedElsewhere =
                vault.membershipsOf(account.id).stream().anyMatch(other -> other.status == Status.INVITED);
        if (!invitedElsewhere) {
            vault.state().invitations.remove(account.email);
        }
    }

    private static boolean isLastOwner(Organization organization, Member member) {
        return member.role == Role.OWNER && member.isConfirmed() && organization.confirmedOwners() <= 1;
    }

    // ---- one or several

    private Endpoints.Action one(BiConsumer<Membership, Member> action) {
        return call -> {
            Membership caller = asAdministrator(call);
            action.accept(caller, find(caller.organization(), call.variable("member")));
            return Response.empty(200);
        };
    }

    private Endpoints.Action several(BiConsumer<Membership, Member> action) {
        return call -> {
            Membership caller = asAdministrator(call);
            ArrayNode data = Json.array();
            for (String id : call.json().texts("ids")) {
                data.add(bulkResult(id, () -> action.accept(caller, find(caller.organization(), id))));
            }
            return Json.ok(Json.list(data));
        };
    }

    /** Bulk calls succeed as a whole; each line says what went wrong with one member. */
    private static ObjectNode bulkResult(String id, Runnable action) {
        ObjectNode json = Json.object();
        json.put("object", "OrganizationUserBulkResponseModel");
        json.put("id", id);
        try {
            action.run();
            json.put("error", "");
        } catch (Refusal refusal) {
            json.put("error", refusal.getMessage());
        }
        return json;
    }

    private Membership asAdministrator(Call call) {
        return rights.atLeast(Role.ADMIN, call.account(), call.variable("organization"));
    }

    private static Member find(Organization organization, String memberId) {
        return Optional.ofNullable(organization.members.get(memberId))
                .orElseThrow(() -> Refusal.invalid("User not found in organization"));
    }

    private Account account(Member member) {
        return vault.account(member.userId).orElseThrow();
    }

    private static int shownStatus(Member member) {
        return member.revoked ? REVOKED : member.status.number;
    }

    /** Puts people who have just registered into the organizations that waited for them. */
    void acceptInvitationsOf(Account account) {
        vault.membershipsOf(account.id).stream()
                .filter(member -> member.status == Status.INVITED)
                .forEach(member -> member.status = Status.ACCEPTED);
    }
}
