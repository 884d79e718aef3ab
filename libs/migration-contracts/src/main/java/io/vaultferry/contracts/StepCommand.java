package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Map;

/**
 * Asks a participant to carry out a step. Which organizations are meant, and how to reach them, is in the grant that the
 * participant fetches from the orchestrator, never in the command.
 */
public sealed interface StepCommand extends StepMessage {

    @Override
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    Step step();

    /** Reads the source's kind, version, rights and counts. */
    @JsonTypeName("inspect-source.v1")
    record InspectSource(MigrationId migrationId, int attempt, MigrationOptions options) implements StepCommand {
        @Override
        public Step step() {
            return Step.INSPECT_SOURCE;
        }
    }

    /**
     * Reads the target's kind, version, rights, limits and existing content.
     *
     * @param create true when the target organization does not exist yet
     */
    @JsonTypeName("inspect-target.v1")
    record InspectTarget(MigrationId migrationId, int attempt, boolean create) implements StepCommand {
        @Override
        public Step step() {
            return Step.INSPECT_TARGET;
        }
    }

    /** Adopts or creates the target organization. */
    @JsonTypeName("prepare-target.v1")
    record PrepareTarget(MigrationId migrationId, int attempt, boolean create) implements StepCommand {
        @Override
        public Step step() {
            return Step.PREPARE_TARGET;
        }
    }

    /** Reads the source organization into a sealed snapshot. */
    @JsonTypeName("export-vault.v1")
    record ExportVault(MigrationId migrationId, int attempt, MigrationOptions options) implements StepCommand {
        @Override
        public Step step() {
            return Step.EXPORT_VAULT;
        }
    }

    /** Creates the collections. */
    @JsonTypeName("import-collections.v1")
    record ImportCollections(MigrationId migrationId, int attempt, ClaimCheck snapshot) implements StepCommand {
        @Override
        public Step step() {
            return Step.IMPORT_COLLECTIONS;
        }
    }

    /** Creates the groups with their access to collections, still without members. */
    @JsonTypeName("provision-groups.v1")
    record ProvisionGroups(MigrationId migrationId, int attempt, ClaimCheck snapshot, ClaimCheck collections)
            implements StepCommand {
        @Override
        public Step step() {
            return Step.PROVISION_GROUPS;
        }
    }

    /** Imports the items, links them to collections and puts into the trash what is in the trash. */
    @JsonTypeName("import-items.v1")
    record ImportItems(
            MigrationId migrationId, int attempt, MigrationOptions options, ClaimCheck snapshot, ClaimCheck collections)
            implements StepCommand {
        @Override
        public Step step() {
            return Step.IMPORT_ITEMS;
        }
    }

    /** Moves the files that the manifest lists. */
    @JsonTypeName("transfer-attachments.v1")
    record TransferAttachments(MigrationId migrationId, int attempt, ClaimCheck manifest) implements StepCommand {
        @Override
        public Step step() {
            return Step.TRANSFER_ATTACHMENTS;
        }
    }

    /**
     * Invites members, or updates those who are in the target organization already.
     *
     * @param groups outcome of {@link ProvisionGroups}; null when groups are not moved
     */
    @JsonTypeName("invite-members.v1")
    record InviteMembers(
            MigrationId migrationId, int attempt, ClaimCheck snapshot, ClaimCheck collections, ClaimCheck groups)
            implements StepCommand {
        @Override
        public Step step() {
            return Step.INVITE_MEMBERS;
        }
    }

    /**
     * Confirms the members who have accepted.
     *
     * @param members outcome of {@link InviteMembers}
     * @param leaveWaiting true when an operator decided to go on without those who have not accepted
     */
    @JsonTypeName("confirm-members.v1")
    record ConfirmMembers(
            MigrationId migrationId, int attempt, ClaimCheck snapshot, ClaimCheck members, boolean leaveWaiting)
            implements StepCommand {
        @Override
        public Step step() {
            return Step.CONFIRM_MEMBERS;
        }
    }

    /** Sets the policies. */
    @JsonTypeName("apply-policies.v1")
    record ApplyPolicies(MigrationId migrationId, int attempt, ClaimCheck snapshot) implements StepCommand {
        @Override
        public Step step() {
            return Step.APPLY_POLICIES;
        }
    }

    /**
     * Compares every object of source and target.
     *
     * @param baseline what the target held before the first write
     * @param outcomes what each finished step says it did with each object
     */
    @JsonTypeName("verify-migration.v1")
    record VerifyMigration(
            MigrationId migrationId,
            int attempt,
            MigrationOptions options,
            ClaimCheck snapshot,
            ClaimCheck baseline,
            Map<Step, ClaimCheck> outcomes)
            implements StepCommand {
        @Override
        public Step step() {
            return Step.VERIFY;
        }
    }

    /** Stores the report, discards the staging and destroys the keys; carried out by the orchestrator itself. */
    @JsonTypeName("finish-migration.v1")
    record FinishMigration(MigrationId migrationId, int attempt, ClaimCheck reconciliation) implements StepCommand {
        @Override
        public Step step() {
            return Step.FINISH;
        }
    }

    /** Compensates a step: removes what it created and nobody edited since. Safe when the step did nothing. */
    @JsonTypeName("undo-step.v1")
    record UndoStep(
            MigrationId migrationId,

            @JsonProperty(access = JsonProperty.Access.READ_WRITE)
            Step step,

            int attempt) implements StepCommand {}
}
