package io.vaultferry.orchestrator.saga;

import static io.vaultferry.contracts.Participant.ATTACHMENT;
import static io.vaultferry.contracts.Participant.EXPORT;
import static io.vaultferry.contracts.Participant.IDENTITY;
import static io.vaultferry.contracts.Participant.IMPORT;
import static io.vaultferry.contracts.Participant.ORCHESTRATOR;
import static io.vaultferry.contracts.Step.APPLY_POLICIES;
import static io.vaultferry.contracts.Step.CONFIRM_MEMBERS;
import static io.vaultferry.contracts.Step.EXPORT_VAULT;
import static io.vaultferry.contracts.Step.FINISH;
import static io.vaultferry.contracts.Step.IMPORT_COLLECTIONS;
import static io.vaultferry.contracts.Step.IMPORT_ITEMS;
import static io.vaultferry.contracts.Step.INSPECT_SOURCE;
import static io.vaultferry.contracts.Step.INSPECT_TARGET;
import static io.vaultferry.contracts.Step.INVITE_MEMBERS;
import static io.vaultferry.contracts.Step.PREPARE_TARGET;
import static io.vaultferry.contracts.Step.PROVISION_GROUPS;
import static io.vaultferry.contracts.Step.TRANSFER_ATTACHMENTS;
import static io.vaultferry.contracts.Step.VERIFY;
import static io.vaultferry.orchestrator.saga.StepKind.COMPENSATABLE;
import static io.vaultferry.orchestrator.saga.StepKind.PIVOT;
import static io.vaultferry.orchestrator.saga.StepKind.READ_ONLY;
import static io.vaultferry.orchestrator.saga.StepKind.RETRIABLE;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.StepCommand.ApplyPolicies;
import io.vaultferry.contracts.StepCommand.ConfirmMembers;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepCommand.FinishMigration;
import io.vaultferry.contracts.StepCommand.ImportCollections;
import io.vaultferry.contracts.StepCommand.ImportItems;
import io.vaultferry.contracts.StepCommand.InspectSource;
import io.vaultferry.contracts.StepCommand.InspectTarget;
import io.vaultferry.contracts.StepCommand.InviteMembers;
import io.vaultferry.contracts.StepCommand.PrepareTarget;
import io.vaultferry.contracts.StepCommand.ProvisionGroups;
import io.vaultferry.contracts.StepCommand.TransferAttachments;
import io.vaultferry.contracts.StepCommand.VerifyMigration;
import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.StepReply.SourceInspected;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.contracts.StepReply.VaultExported;

/** The saga that moves an organization: the table, and how each command is made from the saga's data. */
public final class OrganizationMigration {

    // spotless:off
    public static final SagaDefinition TABLE = SagaDefinition.steps()
        //    step                  asks          kind           only with                      with                                        until                         undone by
        .step(INSPECT_SOURCE,       EXPORT,       READ_ONLY,                                    OrganizationMigration::inspectSource,       SourceInspected.class,        null)
        .step(INSPECT_TARGET,       IMPORT,       READ_ONLY,                                    OrganizationMigration::inspectTarget,       TargetInspected.class,        null)
        .step(PREPARE_TARGET,       IMPORT,       COMPENSATABLE,                                OrganizationMigration::prepareTarget,       TargetPrepared.class,         "restore the settings; delete the organization if it was created")
        .step(EXPORT_VAULT,         EXPORT,       COMPENSATABLE,                                OrganizationMigration::exportVault,         VaultExported.class,          "discard the snapshot")
        .step(IMPORT_COLLECTIONS,   IMPORT,       COMPENSATABLE,                                OrganizationMigration::importCollections,   CollectionsImported.class,    "delete the collections that were created")
        .step(PROVISION_GROUPS,     IDENTITY,     COMPENSATABLE, MigrationOptions::groups,      OrganizationMigration::provisionGroups,     GroupsProvisioned.class,      "delete the groups that were created")
        .step(IMPORT_ITEMS,         IMPORT,       COMPENSATABLE,                                OrganizationMigration::importItems,         ItemsImported.class,          "delete the items that were created")
        .step(TRANSFER_ATTACHMENTS, ATTACHMENT,   COMPENSATABLE, MigrationOptions::attachments, OrganizationMigration::transferAttachments, AttachmentsTransferred.class, "delete the attachments that were created")
        .step(INVITE_MEMBERS,       IDENTITY,     PIVOT,         MigrationOptions::members,     OrganizationMigration::inviteMembers,       MembersInvited.class,         null)
        .step(CONFIRM_MEMBERS,      IDENTITY,     RETRIABLE,     MigrationOptions::members,     OrganizationMigration::confirmMembers,      MembersConfirmed.class,       null)
        .step(APPLY_POLICIES,       IDENTITY,     RETRIABLE,     MigrationOptions::policies,    OrganizationMigration::applyPolicies,       PoliciesApplied.class,        null)
        .step(VERIFY,               EXPORT,       RETRIABLE,                                    OrganizationMigration::verify,              MigrationVerified.class,      null)
        .step(FINISH,               ORCHESTRATOR, RETRIABLE,                                    OrganizationMigration::finish,              MigrationFinished.class,      null)
        .build();
    // spotless:on

    private OrganizationMigration() {}

    private static InspectSource inspectSource(MigrationId id, int attempt, SagaData data) {
        return new InspectSource(id, attempt, data.terms().options());
    }

    private static InspectTarget inspectTarget(MigrationId id, int attempt, SagaData data) {
        return new InspectTarget(id, attempt, data.terms().createTarget());
    }

    private static PrepareTarget prepareTarget(MigrationId id, int attempt, SagaData data) {
        return new PrepareTarget(id, attempt, data.terms().createTarget());
    }

    private static ExportVault exportVault(MigrationId id, int attempt, SagaData data) {
        return new ExportVault(id, attempt, data.terms().options());
    }

    private static ImportCollections importCollections(MigrationId id, int attempt, SagaData data) {
        return new ImportCollections(id, attempt, snapshot(data));
    }

    private static ProvisionGroups provisionGroups(MigrationId id, int attempt, SagaData data) {
        return new ProvisionGroups(id, attempt, snapshot(data), collections(data));
    }

    private static ImportItems importItems(MigrationId id, int attempt, SagaData data) {
        return new ImportItems(id, attempt, data.terms().options(), snapshot(data), collections(data));
    }

    private static TransferAttachments transferAttachments(MigrationId id, int attempt, SagaData data) {
        return new TransferAttachments(
                id, attempt, data.require(ItemsImported.class).manifest());
    }

    private static InviteMembers inviteMembers(MigrationId id, int attempt, SagaData data) {
        ClaimCheck groupsOrNull = data.event(GroupsProvisioned.class)
                .map(GroupsProvisioned::outcomes)
                .orElse(null);
        return new InviteMembers(id, attempt, snapshot(data), collections(data), groupsOrNull);
    }

    private static ConfirmMembers confirmMembers(MigrationId id, int attempt, SagaData data) {
        boolean leaveWaiting = data.leaveWaitingFrom() > 0 && attempt >= data.leaveWaitingFrom();
        return new ConfirmMembers(
                id, attempt, snapshot(data), data.require(MembersInvited.class).outcomes(), leaveWaiting);
    }

    private static ApplyPolicies applyPolicies(MigrationId id, int attempt, SagaData data) {
        return new ApplyPolicies(id, attempt, snapshot(data));
    }

    private static VerifyMigration verify(MigrationId id, int attempt, SagaData data) {
        return new VerifyMigration(
                id,
                attempt,
                data.terms().options(),
                snapshot(data),
                data.require(TargetInspected.class).baseline(),
                data.outcomes());
    }

    /** Without a reconciliation (a dry run, a migration that was taken back) there is only to be cleaned up. */
    private static FinishMigration finish(MigrationId id, int attempt, SagaData data) {
        ClaimCheck reconciliationOrNull = data.event(MigrationVerified.class)
                .map(MigrationVerified::reconciliation)
                .orElse(null);
        return new FinishMigration(id, attempt, reconciliationOrNull);
    }

    private static ClaimCheck snapshot(SagaData data) {
        return data.require(VaultExported.class).snapshot();
    }

    private static ClaimCheck collections(SagaData data) {
        return data.require(CollectionsImported.class).outcomes();
    }
}
