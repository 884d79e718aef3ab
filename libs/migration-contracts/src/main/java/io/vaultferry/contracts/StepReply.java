package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Optional;

/** What a participant answers to a {@link StepCommand} or {@link StepControl}. */
public sealed interface StepReply extends StepMessage {

    @Override
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    Step step();

    /**
     * A step that did what it was asked.
     */
    sealed interface Completed extends StepReply {

        /** The document that says what became of each object; empty for steps that move nothing. */
        @com.fasterxml.jackson.annotation.JsonIgnore
        default Optional<ClaimCheck> outcomeDocument() {
            return Optional.empty();
        }
    }

    @JsonTypeName("source-inspected.v1")
    record SourceInspected(MigrationId migrationId, int attempt, ServerFacts server, SourceContent content)
            implements Completed {
        @Override
        public Step step() {
            return Step.INSPECT_SOURCE;
        }
    }

    @JsonTypeName("target-inspected.v1")
    record TargetInspected(
            MigrationId migrationId, int attempt, ServerFacts server, TargetFacts facts, ClaimCheck baseline)
            implements Completed {
        @Override
        public Step step() {
            return Step.INSPECT_TARGET;
        }
    }

    /**
     * @param organizationId the target organization's id on its server
     * @param created true when this migration created it
     */
    @JsonTypeName("target-prepared.v1")
    record TargetPrepared(MigrationId migrationId, int attempt, String organizationId, boolean created)
            implements Completed {
        @Override
        public Step step() {
            return Step.PREPARE_TARGET;
        }
    }

    @JsonTypeName("vault-exported.v1")
    record VaultExported(MigrationId migrationId, int attempt, ClaimCheck snapshot, SourceContent content)
            implements Completed {
        @Override
        public Step step() {
            return Step.EXPORT_VAULT;
        }
    }

    @JsonTypeName("collections-imported.v1")
    record CollectionsImported(MigrationId migrationId, int attempt, Tally tally, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.IMPORT_COLLECTIONS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    @JsonTypeName("groups-provisioned.v1")
    record GroupsProvisioned(MigrationId migrationId, int attempt, Tally tally, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.PROVISION_GROUPS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    /**
     * @param manifest the files to move; its lines name target items
     */
    @JsonTypeName("items-imported.v1")
    record ItemsImported(MigrationId migrationId, int attempt, Tally tally, ClaimCheck outcomes, ClaimCheck manifest)
            implements Completed {
        @Override
        public Step step() {
            return Step.IMPORT_ITEMS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    /**
     * @param bytes encrypted bytes that arrived
     */
    @JsonTypeName("attachments-transferred.v1")
    record AttachmentsTransferred(MigrationId migrationId, int attempt, Tally tally, long bytes, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.TRANSFER_ATTACHMENTS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    /**
     * @param invited people who were invited
     * @param updated people who were in the target organization already
     */
    @JsonTypeName("members-invited.v1")
    record MembersInvited(
            MigrationId migrationId, int attempt, Tally tally, long invited, long updated, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.INVITE_MEMBERS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    /**
     * @param confirmed people who are confirmed in the target now
     * @param waiting people who are confirmed in the source and have not accepted in the target yet
     * @param outcomes what became of each member; the saga keeps only the one of the last attempt
     */
    @JsonTypeName("members-confirmed.v1")
    record MembersConfirmed(MigrationId migrationId, int attempt, long confirmed, long waiting, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.CONFIRM_MEMBERS;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    @JsonTypeName("policies-applied.v1")
    record PoliciesApplied(MigrationId migrationId, int attempt, Tally tally, ClaimCheck outcomes)
            implements Completed {
        @Override
        public Step step() {
            return Step.APPLY_POLICIES;
        }

        @Override
        public Optional<ClaimCheck> outcomeDocument() {
            return Optional.of(outcomes);
        }
    }

    /**
     * @param tally final states of all objects of the source
     * @param differences objects that are missing, different or unexpected in the target
     * @param reconciliation a line for every object
     */
    @JsonTypeName("migration-verified.v1")
    record MigrationVerified(
            MigrationId migrationId, int attempt, Tally tally, long differences, ClaimCheck reconciliation)
            implements Completed {
        @Override
        public Step step() {
            return Step.VERIFY;
        }
    }

    /**
     * @param exceptions objects that are not in the target as they were in the source and that nobody asked to leave out;
     *     0 when there was nothing to report
     */
    @JsonTypeName("migration-finished.v1")
    record MigrationFinished(MigrationId migrationId, int attempt, long exceptions) implements Completed {
        @Override
        public Step step() {
            return Step.FINISH;
        }
    }

    /**
     * A step that could not do what it was asked.
     *
     * @param detail a short technical hint for the operator, free of names and secrets; never null
     */
    @JsonTypeName("step-failed.v1")
    record StepFailed(
            MigrationId migrationId,

            @JsonProperty(access = JsonProperty.Access.READ_WRITE)
            Step step,

            int attempt,
            FailureCode code,
            String detail)
            implements StepReply {}

    /** A step that stopped at a safe point because it was asked to. */
    @JsonTypeName("step-halted.v1")
    record StepHalted(
            MigrationId migrationId,

            @JsonProperty(access = JsonProperty.Access.READ_WRITE)
            Step step,

            int attempt) implements StepReply {}

    /**
     * A step whose effects were taken back.
     *
     * @param removed objects that were removed
     * @param kept objects that stay because somebody edited them since, or because the server refused
     */
    @JsonTypeName("step-undone.v1")
    record StepUndone(
            MigrationId migrationId,

            @JsonProperty(access = JsonProperty.Access.READ_WRITE)
            Step step,

            int attempt,
            long removed,
            long kept)
            implements StepReply {}
}
