package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.Tally;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.persistence.MigrationRow;
import io.vaultferry.orchestrator.persistence.Pace;
import io.vaultferry.orchestrator.saga.HaltReason;
import io.vaultferry.orchestrator.saga.SagaData;
import io.vaultferry.orchestrator.saga.SagaState;
import io.vaultferry.orchestrator.saga.SagaStatus;
import io.vaultferry.orchestrator.saga.StepState;
import io.vaultferry.orchestrator.saga.StepStatus;
import io.vaultferry.orchestrator.saga.WaitingReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A migration as callers see it.
 *
 * @param waitingFor whom a WAITING migration waits for
 * @param halting what follows once the running step has stopped
 * @param actions what an operator may do now
 * @param failure why it does not go on, or why it was taken back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Migration")
record MigrationView(
        UUID id,
        SagaStatus status,
        WaitingReason waitingFor,
        HaltReason halting,
        boolean dryRun,
        Instant createdAt,
        Instant finishedAt,
        PartyView source,
        PartyView target,
        MigrationOptions options,
        boolean requireApproval,
        Step step,
        List<StepView> steps,
        @Schema(examples = "[\"pause\", \"cancel\"]") List<String> actions,
        CountsView counts,
        FailureView failure) {

    /**
     * @param organization null while it is still to be created
     * @param server kind and version
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "MigrationParty")
    record PartyView(
            UUID connection,
            String organization,
            @Schema(examples = "VAULTWARDEN 1.37.2") String server) {

        static PartyView of(MigrationRow.Party party) {
            ConnectionId connection = party.connection();
            return new PartyView(connection.value(), party.organizationId().orElse(null), party.server());
        }
    }

    /**
     * @param done objects finished, whatever their outcome
     * @param bytesTotal 0 where bytes are not counted
     * @param objectsPerSecond pace over the last half minute, 0 when nothing moved; null while the step is not carried out or has
     *     not reported yet
     * @param bytesPerSecond the same in bytes; 0 where bytes are not counted
     * @param etaSeconds how long the rest takes at this pace; null when nothing moves
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "MigrationStep")
    record StepView(
            Step step,
            StepStatus status,
            int attempt,
            Instant startedAt,
            Instant finishedAt,
            long done,
            long total,
            long bytesDone,
            long bytesTotal,
            @Schema(examples = "21.4") Double objectsPerSecond,
            @Schema(examples = "1536000.5") Double bytesPerSecond,
            @Schema(examples = "12") Long etaSeconds) {

        static StepView of(MigrationRow row, Step step) {
            StepState state = row.saga().steps().get(step);
            MigrationRow.StepProgress progress = row.steps().get(step);
            return new StepView(
                    step,
                    state.status(),
                    state.attempt(),
                    progress.startedAt().orElse(null),
                    progress.finishedAt().orElse(null),
                    progress.done(),
                    progress.total(),
                    progress.bytesDone(),
                    progress.bytesTotal(),
                    progress.pace().map(Pace::objectsPerSecond).orElse(null),
                    progress.pace().map(Pace::bytesPerSecond).orElse(null),
                    progress.remaining().map(Duration::toSeconds).orElse(null));
        }
    }

    /**
     * What finished steps say; null for those that have not finished.
     *
     * @param membersWaiting people who have not accepted yet
     * @param verified final states of all objects
     * @param exceptions objects that were skipped, quarantined or differ, as listed by {@code /exceptions}
     * @param removed objects that were taken back
     * @param kept objects that could not be taken back
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "MigrationCounts")
    record CountsView(
            Tally collections,
            Tally groups,
            Tally items,
            Tally attachments,
            Long attachmentBytes,
            Tally members,
            Long membersConfirmed,
            Long membersWaiting,
            Tally policies,
            Tally verified,
            Long differences,
            long exceptions,
            long removed,
            long kept) {

        static CountsView of(SagaData data, long exceptions) {
            return new CountsView(
                    data.event(CollectionsImported.class)
                            .map(CollectionsImported::tally)
                            .orElse(null),
                    data.event(GroupsProvisioned.class)
                            .map(GroupsProvisioned::tally)
                            .orElse(null),
                    data.event(ItemsImported.class).map(ItemsImported::tally).orElse(null),
                    data.event(AttachmentsTransferred.class)
                            .map(AttachmentsTransferred::tally)
                            .orElse(null),
                    data.event(AttachmentsTransferred.class)
                            .map(AttachmentsTransferred::bytes)
                            .orElse(null),
                    data.event(MembersInvited.class).map(MembersInvited::tally).orElse(null),
                    data.event(MembersConfirmed.class)
                            .map(MembersConfirmed::confirmed)
                            .orElse(null),
                    data.event(MembersConfirmed.class)
                            .map(MembersConfirmed::waiting)
                            .orElse(null),
                    data.event(PoliciesApplied.class)
                            .map(PoliciesApplied::tally)
                            .orElse(null),
                    data.event(MigrationVerified.class)
                            .map(MigrationVerified::tally)
                            .orElse(null),
                    data.event(MigrationVerified.class)
                            .map(MigrationVerified::differences)
                            .orElse(null),
                    exceptions,
                    data.removed(),
                    data.kept());
        }
    }

    @Schema(name = "MigrationFailure")
    record FailureView(Step step, FailureCode code, String message, String detail) {}

    static MigrationView of(MigrationRow row, List<String> actions, long exceptions) {
        SagaState saga = row.saga();
        return new MigrationView(
                saga.id().value(),
                saga.status(),
                saga.waitingFor().orElse(null),
                saga.halting().orElse(null),
                saga.data().terms().dryRun(),
                row.createdAt(),
                row.finishedAt().orElse(null),
                PartyView.of(row.source()),
                PartyView.of(row.target()),
                saga.data().terms().options(),
                saga.data().terms().requireApproval(),
                saga.step(),
                Arrays.stream(Step.values()).map(step -> StepView.of(row, step)).toList(),
                actions,
                CountsView.of(saga.data(), exceptions),
                saga.failure()
                        .map(failure -> new FailureView(
                                failure.step(), failure.code(), failure.code().sentence(), failure.detail()))
                        .orElse(null));
    }
}
