package io.vaultferry.exporting.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.exporting.domain.ContentCount;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Administration;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.SnapshotWriter;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the source into a sealed snapshot. Items are written as they arrive and stay encrypted. */
@ApplicationScoped
class ExportVaultHandler implements StepHandler<ExportVault> {

    private final Grants grants;
    private final ClaimCheckStore store;

    ExportVaultHandler(Grants grants, ClaimCheckStore store) {
        this.grants = grants;
        this.store = store;
    }

    @Override
    public Class<ExportVault> commandType() {
        return ExportVault.class;
    }

    @Override
    public StepReply handle(ExportVault command, StepContext context) {
        try (MigrationSession source = grants.open(command.migrationId(), Side.SOURCE)) {
            BitwardenSession server = source.server();
            OrganizationId organization = source.organization();
            List<Collection> collections = server.collections(organization);
            List<Group> groups = server.groups(organization);
            List<Member> members = server.members(organization);
            List<Policy> policies = server.policies(organization);
            ContentCount count = new ContentCount();
            ClaimCheck snapshot = SnapshotWriter.write(store, source.stagingKey(), command.migrationId(), sink -> {
                sink.organization(describe(source));
                for (Collection collection : collections) {
                    sink.collection(collection);
                }
                for (Group group : groups) {
                    sink.group(group);
                }
                for (Member member : members) {
                    sink.member(member);
                }
                for (Policy policy : policies) {
                    sink.policy(policy);
                }
                server.forEachItem(organization, item -> {
                    context.checkpoint();
                    count.add(item, source.organizationKey());
                    try {
                        sink.item(item);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    context.progress(count.items(), count.items(), 0, 0);
                });
            });
            return new StepReply.VaultExported(
                    command.migrationId(),
                    command.attempt(),
                    snapshot,
                    count.toContent(collections.size(), groups.size(), members.size(), policies));
        }
    }

    /** Only owners see an organization's settings. None of them is moved, so an administrator's snapshot does without. */
    private static Organization describe(MigrationSession source) {
        OrganizationMembership membership = Administration.require(source);
        if (membership.role() == MemberRole.OWNER) {
            return source.server().organization(source.organization());
        }
        return new Organization(
                membership.id(),
                membership.name(),
                "",
                membership.useGroups(),
                membership.usePolicies(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                false,
                false,
                false,
                Map.of());
    }
}
