package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Access;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.OrganizationCollection;
import io.vaultferry.sandbox.server.Organization.Role;
import io.vaultferry.sandbox.server.Organization.Status;
import io.vaultferry.sandbox.server.Rights.Membership;
import java.util.List;

/** Organizations as a whole: making, reading, renaming, leaving and deleting them, and their export. */
final class OrganizationEndpoints {

    private static final String ORGANIZATION = "/api/organizations/{organization}";

    private final Vault vault;
    private final Rights rights;
    private final ItemEndpoints items;
    private final Passwords passwords;
    private final boolean groupsEnabled;

    OrganizationEndpoints(Vault vault, Rights rights, ItemEndpoints items, Passwords passwords, boolean groupsEnabled) {
        this.vault = vault;
        this.rights = rights;
        this.items = items;
        this.passwords = passwords;
        this.groupsEnabled = groupsEnabled;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post("/api/organizations", this::create);
        endpoints.get(ORGANIZATION, this::read);
        endpoints.putOrPost(ORGANIZATION, this::update);
        endpoints.delete(ORGANIZATION, this::delete);
        endpoints.post(ORGANIZATION + "/delete", this::delete);
        endpoints.post(ORGANIZATION + "/leave", this::leave);
        endpoints.post(ORGANIZATION + "/keys", this::addKeys);
        endpoints.get(ORGANIZATION + "/keys", this::publicKey);
        endpoints.get(ORGANIZATION + "/public-key", this::publicKey);
        endpoints.get(ORGANIZATION + "/export", this::export);
    }

    private Response create(Call call) {
        Json body = call.json();
        Account owner = call.account();
        String name = body.text("name");
        String billingEmail = body.text("billingEmail");
        String collectionName = body.text("collectionName");
        String key = body.text("key");
        body.numberOrText("planType");
        if (singleOrganizationApplies(owner)) {
            throw Refusal.invalid("You may not create an organization. You belong to an organization which has a "
                    + "policy that prohibits you from being a member of any other organization.");
        }
        Organization organization = new Organization();
        organization.id = vault.newId();
        organization.name = name;
        organization.billingEmail = billingEmail;
        body.optionalObject("keys").ifPresent(keys -> {
            organization.publicKey = keys.text("publicKey");
            organization.encryptedPrivateKey = keys.text("encryptedPrivateKey");
        });
        Member member = new Member();
        member.id = vault.newId();
        member.userId = owner.id;
        member.key = key;
        member.status = Status.CONFIRMED;
        member.role = Role.OWNER;
        member.accessAll = true;
        organization.members.put(member.id, member);
        OrganizationCollection collection = new OrganizationCollection(vault.newId(), collectionName, null);
        organization.collections.put(collection.id(), collection);
        vault.state().organizations.put(organization.id, organization);
        vault.touch(organization);
        return Json.ok(json(organization));
    }

    private boolean singleOrganizationApplies(Account account) {
        return vault.organizations()
                .anyMatch(organization -> organization.isEnabled(PolicyEndpoints.SINGLE_ORGANIZATION)
                        && organization
                                .memberOf(account.id)
                                .filter(member -> member.isConfirmed() && !member.isAtLeast(Role.ADMIN))
                                .isPresent());
    }

    private Response read(Call call) {
        return Json.ok(json(asOwner(call).organization()));
    }

    private Response update(Call call) {
        Organization organization = asOwner(call).organization();
        Json body = call.json();
        organization.name = body.optionalText("name").orElse(organization.name);
        organization.billingEmail =
                Vault.normalize(body.optionalText("billingEmail").orElse(organization.billingEmail));
        vault.touch(organization);
        return Json.ok(json(organization));
    }

    private Response delete(Call call) {
        Organization organization = asOwner(call).organization();
        passwords.require(call.account(), call.json());
        vault.touch(organization);
        items.removeAllOf(organization);
        vault.removeOrganization(organization);
        return Response.empty(200);
    }

    private Response leave(Call call) {
        Membership membership = rights.member(call.account(), call.variable("organization"));
        Member member = membership.member();
        if (member.role == Role.OWNER && membership.organization().confirmedOwners() <= 1) {
            throw Refusal.invalid("The last owner can't leave");
        }
        membership.organization().removeMember(member.id);
        vault.touch(call.account());
        return Response.empty(200);
    }

    private Response addKeys(Call call) {
        Organization organization = rights.atLeast(Role.ADMIN, call.account(), call.variable("organization"))
                .organization();
        Json body = call.json();
        if (organization.publicKey != null) {
            throw Refusal.invalid("Organization Keys already exist");
        }
        organization.publicKey = body.text("publicKey");
        organization.encryptedPrivateKey = body.text("encryptedPrivateKey");
        ObjectNode answer = Json.object();
        answer.put("object", "organizationKeys");
        answer.put("publicKey", organization.publicKey);
        answer.put("privateKey", organization.encryptedPrivateKey);
        return Json.ok(answer);
    }

    private Response publicKey(Call call) {
        Organization organization =
                rights.member(call.account(), call.variable("organization")).organization();
        ObjectNode answer = Json.object();
        answer.put("object", "organizationPublicKey");
        answer.put("publicKey", organization.publicKey);
        return Json.ok(answer);
    }

    private Response export(Call call) {
        Organization organization = rights.atLeast(Role.ADMIN, call.account(), call.variable("organization"))
                .organization();
        List<ItemView> views = items.administratorViews(organization);
        List<ObjectNode> collections = organization.collections.values().stream()
                .map(collection -> CollectionEndpoints.json(organization, collection))
                .toList();
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("collections");
            for (ObjectNode collection : collections) {
                json.writeTree(collection);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("ciphers");
            for (ItemView view : views) {
                view.write(json, items.links());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Membership asOwner(Call call) {
        return rights.atLeast(Role.OWNER, call.account(), call.variable("organization"));
    }

    private ObjectNode json(Organization organization) {
        ObjectNode json = Json.object();
        json.put("id", organization.id);
        json.put("name", organization.name);
        json.putNull("seats");
        json.putNull("maxCollections");
        json.put("maxStorageGb", Short.MAX_VALUE);
        json.put("use2fa", true);
        json.put("useCustomPermissions", true);
        json.put("useDirectory", false);
        json.put("useEvents", true);
        json.put("useGroups", groupsEnabled);
        json.put("useTotp", true);
        json.put("usePolicies", true);
        json.put("useScim", false);
        json.put("useSso", false);
        json.put("useKeyConnector", false);
        json.put("usePasswordManager", true);
        json.put("useSecretsManager", false);
        json.put("selfHost", true);
        json.put("useApi", true);
        json.put("useDisableSMAdsForUsers", true);
        json.put("useInviteLinks", false);
        json.put("useMyItems", false);
        json.put("useOrganizationDomains", false);
        json.put("usePam", false);
        json.put("usePhishingBlocker", false);
        json.put("hasPublicAndPrivateKeys", organization.publicKey != null);
        json.put("useResetPassword", false);
        json.put("allowAdminAccessToAllCollectionItems", true);
        json.put("limitCollectionCreation", true);
        json.put("limitCollectionDeletion", true);
        json.put("limitItemDeletion", false);
        json.put("businessName", organization.name);
        json.putNull("businessAddress1");
        json.putNull("businessAddress2");
        json.putNull("businessAddress3");
        json.putNull("businessCountry");
        json.putNull("businessTaxNumber");
        json.putNull("maxAutoscaleSeats");
        json.putNull("maxAutoscaleSmSeats");
        json.putNull("maxAutoscaleSmServiceAccounts");
        json.putNull("secretsManagerPlan");
        json.putNull("smSeats");
        json.putNull("smServiceAccounts");
        json.put("billingEmail", organization.billingEmail);
        json.put("planType", 6);
        json.put("usersGetPremium", true);
        json.put("object", "organization");
        return json;
    }

    /** An organization in a member's profile. */
    static ObjectNode profileJson(Organization organization, Member member, boolean groupsEnabled) {
        ObjectNode json = Json.object();
        json.put("id", organization.id);
        json.putNull("identifier");
        json.put("name", organization.name);
        json.put("seats", 20);
        json.putNull("maxCollections");
        json.put("usersGetPremium", true);
        json.put("use2fa", true);
        json.put("useDirectory", false);
        json.put("useEvents", true);
        json.put("useGroups", groupsEnabled);
        json.put("useTotp", true);
        json.put("useScim", false);
        json.put("usePolicies", true);
        json.put("useApi", true);
        json.put("selfHost", true);
        json.put("hasPublicAndPrivateKeys", organization.publicKey != null);
        json.put("resetPasswordEnrolled", false);
        json.put("useResetPassword", false);
        json.put("ssoBound", false);
        json.put("useSso", false);
        json.put("useKeyConnector", false);
        json.put("useSecretsManager", false);
        json.put("usePasswordManager", true);
        json.put("useCustomPermissions", true);
        json.put("useActivateAutofillPolicy", false);
        json.put("useAdminSponsoredFamilies", false);
        json.put("useRiskInsights", false);
        json.put("useDisableSMAdsForUsers", true);
        json.put("useInviteLinks", false);
        json.put("useMyItems", false);
        json.put("useOrganizationDomains", false);
        json.put("usePam", false);
        json.put("usePhishingBlocker", false);
        json.put("organizationUserId", member.id);
        json.putNull("providerId");
        json.putNull("providerName");
        json.putNull("providerType");
        json.putNull("familySponsorshipFriendlyName");
        json.put("familySponsorshipAvailable", false);
        json.put("productTierType", 3);
        json.put("keyConnectorEnabled", false);
        json.putNull("keyConnectorUrl");
        json.putNull("familySponsorshipLastSyncDate");
        json.putNull("familySponsorshipValidUntil");
        json.putNull("familySponsorshipToDelete");
        json.put("accessSecretsManager", false);
        json.put("limitCollectionCreation", !(member.isAtLeast(Role.MANAGER) && member.accessAll));
        json.put("limitCollectionDeletion", true);
        json.put("limitItemDeletion", false);
        json.put("allowAdminAccessToAllCollectionItems", true);
        json.put("userIsManagedByOrganization", false);
        json.put("userIsClaimedByOrganization", false);
        json.set("permissions", permissions(member.role == Role.MANAGER && member.accessAll));
        json.put("maxStorageGb", Short.MAX_VALUE);
        json.put("userId", member.userId);
        json.put("key", member.key);
        json.put("status", member.status.number);
        json.put("type", member.role.numberToShow());
        json.put("enabled", true);
        json.put("object", "profileOrganization");
        return json;
    }

    /** Custom permissions: of all of them, only the three on collections mean anything, and only together. */
    static ObjectNode permissions(boolean allCollections) {
        ObjectNode json = Json.object();
        json.put("accessEventLogs", false);
        json.put("accessImportExport", false);
        json.put("accessReports", false);
        json.put("createNewCollections", allCollections);
        json.put("editAnyCollection", allCollections);
        json.put("deleteAnyCollection", allCollections);
        json.put("manageGroups", false);
        json.put("managePolicies", false);
        json.put("manageSso", false);
        json.put("manageUsers", false);
        json.put("manageResetPassword", false);
        json.put("manageScim", false);
        return json;
    }

    static ObjectNode accessJson(String id, Access access) {
        ObjectNode json = Json.object();
        json.put("id", id);
        json.put("readOnly", access.readOnly());
        json.put("hidePasswords", access.hidePasswords());
        json.put("manage", access.manage());
        return json;
    }
}
