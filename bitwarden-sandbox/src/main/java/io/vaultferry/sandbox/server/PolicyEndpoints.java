package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.Policy;
import io.vaultferry.sandbox.server.Organization.Role;
import java.util.List;
import java.util.Optional;

/** Policies, with the two that act on members at once. */
final class PolicyEndpoints {

    static final int TWO_FACTOR = 0;
    static final int MASTER_PASSWORD = 1;
    static final int SINGLE_ORGANIZATION = 3;
    static final int PERSONAL_OWNERSHIP = 5;
    private static final int RESET_PASSWORD = 8;

    private static final String POLICIES = "/api/organizations/{organization}/policies";

    private final Vault vault;
    private final Rights rights;

    PolicyEndpoints(Vault vault, Rights rights) {
        this.vault = vault;
        this.rights = rights;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get(POLICIES, this::list);
        endpoints.get(POLICIES + "/{type}", this::read);
        endpoints.put(POLICIES + "/{type}", this::write);
        endpoints.put(POLICIES + "/{type}/vnext", this::write);
    }

    private Response list(Call call) {
        Organization organization = organization(call);
        return Json.ok(Json.list(Json.arrayOf(
                organization.policies.values(), (array, policy) -> array.add(json(organization.id, policy)))));
    }

    private Response read(Call call) {
        Organization organization = organization(call);
        int type = type(call);
        Policy policy = Optional.ofNullable(organization.policies.get(type))
                .orElseGet(() -> new Policy(vault.newId(), type, false, null));
        return Json.ok(json(organization.id, policy));
    }

    private Response write(Call call) {
        Organization organization = organization(call);
        Json body = call.json().object("policy");
        boolean enabled = body.flag("enabled");
        int type = type(call);
        if (type == RESET_PASSWORD && enabled && !organization.isEnabled(SINGLE_ORGANIZATION)) {
            throw Refusal.invalid(
                    "Single Organization policy is not enabled. It is mandatory for this policy to be enabled.");
        }
        if (type == SINGLE_ORGANIZATION && !enabled && organization.isEnabled(RESET_PASSWORD)) {
            throw Refusal.invalid("Account recovery policy is enabled. It is not allowed to disable this policy.");
        }
        if (enabled && type == TWO_FACTOR) {
            joinedNonAdministrators(organization).stream()
                    .filter(member -> !account(member).hasTwoFactor())
                    .forEach(member -> member.revoked = true);
        }
        if (enabled && type == SINGLE_ORGANIZATION) {
            joinedNonAdministrators(organization).stream()
                    .filter(member -> joinsAnother(organization, member))
                    .forEach(member -> organization.removeMember(member.id));
        }
        String id = Optional.ofNullable(organization.policies.get(type))
                .map(Policy::id)
                .orElseGet(vault::newId);
        Policy policy = new Policy(id, type, enabled, body.get("data"));
        organization.policies.put(type, policy);
        vault.touch(organization);
        return Json.ok(json(organization.id, policy));
    }

    private static List<Member> joinedNonAdministrators(Organization organization) {
        return organization.members.values().stream()
                .filter(member -> member.hasJoined() && !member.isAtLeast(Role.ADMIN))
                .toList();
    }

    private boolean joinsAnother(Organization organization, Member member) {
        return vault.organizations()
                .filter(other -> other != organization)
                .anyMatch(other ->
                        other.memberOf(member.userId).filter(Member::hasJoined).isPresent());
    }

    private Account account(Member member) {
        return vault.account(member.userId).orElseThrow();
    }

    /** Refuses a plain member whom the organization's policies do not admit. */
    void requireAdmitted(Organization organization, Member member) {
        if (member.isAtLeast(Role.ADMIN)) {
            return;
        }
        if (organization.isEnabled(TWO_FACTOR) && !account(member).hasTwoFactor()) {
            throw Refusal.invalid(
                    "You cannot join this organization until you enable two-step login on your user account.");
        }
        boolean anotherOneIsSingle = vault.organizations()
                .filter(other -> other != organization && other.isEnabled(SINGLE_ORGANIZATION))
                .anyMatch(other -> other.memberOf(member.userId)
                        .filter(m -> m.hasJoined() && !m.isAtLeast(Role.ADMIN))
                        .isPresent());
        if (anotherOneIsSingle || (organization.isEnabled(SINGLE_ORGANIZATION) && joinsAnother(organization, member))) {
            throw Refusal.invalid("You cannot join this organization because you are a member of an organization "
                    + "which forbids it");
        }
    }

    private Organization organization(Call call) {
        return rights.atLeast(Role.ADMIN, call.account(), call.variable("organization"))
                .organization();
    }

    private static int type(Call call) {
        try {
            int type = Integer.parseInt(call.variable("type"));
            if (Vaultwarden.POLICY_TYPES.contains(type)) {
                return type;
            }
        } catch (NumberFormatException e) {
            throw Refusal.noSuchEndpoint();
        }
        throw Refusal.invalid("Invalid or unsupported policy type");
    }

    static ObjectNode json(String organizationId, Policy policy) {
        ObjectNode json = Json.object();
        json.put("id", policy.id());
        json.put("organizationId", organizationId);
        json.put("type", policy.type());
        json.set("data", policy.data());
        json.put("enabled", policy.enabled());
        json.putNull("revisionDate");
        json.put("object", "policy");
        return json;
    }

    /** What the master password policies of an account's organizations ask, as a login tells it. */
    ObjectNode masterPasswordPolicy(Account account) {
        ObjectNode json = Json.object();
        vault.organizations()
                .filter(organization -> organization.isEnabled(MASTER_PASSWORD))
                .filter(organization -> organization
                        .memberOf(account.id)
                        .filter(Member::isConfirmed)
                        .isPresent())
                .map(organization -> organization.policies.get(MASTER_PASSWORD).data())
                .filter(data -> data != null && data.isObject())
                .forEach(data -> json.setAll((ObjectNode) data));
        json.put("Object", "masterPasswordPolicy");
        return json;
    }

    /** Whether an account may own items itself. */
    boolean forbidsOwnItems(Account account) {
        return vault.organizations()
                .filter(organization -> organization.isEnabled(PERSONAL_OWNERSHIP))
                .anyMatch(organization -> organization
                        .memberOf(account.id)
                        .filter(member -> member.isConfirmed() && !member.isAtLeast(Role.ADMIN))
                        .isPresent());
    }
}
