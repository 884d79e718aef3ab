package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.OperatorAction.APPROVE;
import static io.vaultferry.orchestrator.saga.OperatorAction.CANCEL;
import static io.vaultferry.orchestrator.saga.OperatorAction.PAUSE;
import static io.vaultferry.orchestrator.saga.OperatorAction.RESUME;
import static io.vaultferry.orchestrator.saga.OperatorAction.RETRY;
import static io.vaultferry.orchestrator.saga.OperatorAction.ROLLBACK;
import static io.vaultferry.orchestrator.saga.SagaScript.started;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPENSATED;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPENSATING;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPLETED;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPLETED_WITH_EXCEPTIONS;
import static io.vaultferry.orchestrator.saga.SagaStatus.PAUSED;
import static io.vaultferry.orchestrator.saga.SagaStatus.RUNNING;
import static io.vaultferry.orchestrator.saga.SagaStatus.STUCK;
import static io.vaultferry.orchestrator.saga.SagaStatus.WAITING;
import static io.vaultferry.orchestrator.saga.Samples.APPROVED;
import static io.vaultferry.orchestrator.saga.Samples.DRY_RUN;
import static io.vaultferry.orchestrator.saga.Samples.ID;
import static io.vaultferry.orchestrator.saga.Samples.TERMS;
import static io.vaultferry.orchestrator.saga.Samples.document;
import static io.vaultferry.orchestrator.saga.WaitingReason.APPROVAL;
import static io.vaultferry.orchestrator.saga.WaitingReason.CREDENTIALS;
import static io.vaultferry.orchestrator.saga.WaitingReason.MEMBERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Step;
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
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepCommand.VerifyMigration;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.Tally;
import io.vaultferry.orchestrator.saga.Decision.IgnoredBecause;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SagaScriptTest {

    @Nested
    class OnTheWay {

        @Test
        void everyStepIsAskedForInOrderWithTheDocumentsOfTheStepsBefore() {
            MigrationOptions options = MigrationOptions.ALL;
            started(TERMS)
                    .expect(new InspectSource(ID, 1, options))
                    .completes()
                    .expect(new InspectTarget(ID, 1, false))
                    .completes()
                    .expect(new PrepareTarget(ID, 1, false))
                    .completes()
                    .expect(new ExportVault(ID, 1, options))
                    .completes()
                    .expect(new ImportCollections(ID, 1, document("snapshot")))
                    .completes()
                    .expect(new ProvisionGroups(ID, 1, document("snapshot"), document("collections")))
                    .completes()
                    .expect(new ImportItems(ID, 1, options, document("snapshot"), document("collections")))
                    .completes()
                    .expect(new TransferAttachments(ID, 1, document("manifest")))
                    .completes()
                    .expect(new InviteMembers(ID, 1, document("snapshot"), document("collections"), document("groups")))
                    .completes()
                    .expect(new ConfirmMembers(ID, 1, document("snapshot"), document("invited"), false))
                    .completes()
                    .expect(new ApplyPolicies(ID, 1, document("snapshot")))
                    .completes()
                    .expect(new VerifyMigration(
                            ID,
                            1,
                            options,
                            document("snapshot"),
                            document("baseline"),
                            Map.of(
                                    Step.IMPORT_COLLECTIONS, document("collections"),
                                    Step.PROVISION_GROUPS, document("groups"),
                                    Step.IMPORT_ITEMS, document("items"),
                                    Step.TRANSFER_ATTACHMENTS, document("files"),
                                    Step.INVITE_MEMBERS, document("invited"),
                                    Step.CONFIRM_MEMBERS, document("confirmed-1"),
                                    Step.APPLY_POLICIES, document("policies"))))
                    .completes()
                    .expect(new FinishMigration(ID, 1, document("reconciliation")))
                    .expect(RUNNING)
                    .completes()
                    .expectNothingSent()
                    .expect(COMPLETED)
                    .expectActions()
                    .expectTimer(new Timer.None());
        }

        @Test
        void stepsThatAreSwitchedOffAreSkippedAndTheHistorySaysSo() {
            // Given
            MigrationOptions nothing = new MigrationOptions(false, false, false, false, false);

            // When
            SagaScript script = started(new MigrationTerms(true, false, false, nothing));
            script.completesUntil(Step.VERIFY);

            // Then
            script.expect(new VerifyMigration(
                    ID,
                    1,
                    nothing,
                    document("snapshot"),
                    document("baseline"),
                    Map.of(Step.IMPORT_COLLECTIONS, document("collections"), Step.IMPORT_ITEMS, document("items"))));
            assertThat(script.history().stream()
                            .filter(entry -> entry.input().equals("skipped"))
                            .map(HistoryEntry::step))
                    .containsExactly(
                            Step.PROVISION_GROUPS,
                            Step.TRANSFER_ATTACHMENTS,
                            Step.INVITE_MEMBERS,
                            Step.CONFIRM_MEMBERS,
                            Step.APPLY_POLICIES);
            script.completesUntil(Step.FINISH).completes().expect(COMPLETED);
        }

        @Test
        void membersAreInvitedWithoutGroupsWhenGroupsAreNotMoved() {
            MigrationOptions noGroups = new MigrationOptions(true, true, false, true, true);
            started(new MigrationTerms(false, false, false, noGroups))
                    .completesUntil(Step.INVITE_MEMBERS)
                    .expect(new InviteMembers(ID, 1, document("snapshot"), document("collections"), null));
        }

        @Test
        void differencesEndAsExceptions() {
            started(TERMS)
                    .completesUntil(Step.VERIFY)
                    .reply(new MigrationVerified(ID, 1, new Tally(9, 0, 0), 1, document("reconciliation")))
                    .completes()
                    .expect(COMPLETED_WITH_EXCEPTIONS);
        }

        @Test
        void objectsThatDidNotArriveEndAsExceptions() {
            started(TERMS)
                    .completesUntil(Step.FINISH)
                    .reply(new MigrationFinished(ID, 1, 1))
                    .expect(COMPLETED_WITH_EXCEPTIONS);
        }
    }

    @Nested
    class ThePlan {

        @Test
        void dryRunEndsWithThePlanAndWritesNothing() {
            SagaScript script = started(DRY_RUN)
                    .completes()
                    .completes()
                    .expect(new FinishMigration(ID, 1, null))
                    .completes()
                    .expect(COMPLETED);

            assertThat(script.state().data().plan()).isPresent();
            assertThat(script.state().steps().get(Step.PREPARE_TARGET).status()).isEqualTo(StepStatus.SKIPPED);
        }

        @Test
        void dryRunOfAnImpossiblePlanStillEndsWithThePlan() {
            SagaScript script = started(DRY_RUN)
                    .completes()
                    .reply(Samples.targetInspected(1, Samples.target(0L, 0L, 0L)))
                    .completes()
                    .expect(COMPLETED);

            assertThat(script.state().data().plan().orElseThrow().blockers()).hasSize(3);
        }

        @Test
        void approvalIsWaitedForBeforeTheFirstWrite() {
            started(APPROVED)
                    .completes()
                    .completes()
                    .expectNothingSent()
                    .expect(WAITING)
                    .expectWaitingFor(APPROVAL)
                    .expectActions(APPROVE, CANCEL)
                    .expectTimer(new Timer.None())
                    .operator(APPROVE)
                    .expect(new PrepareTarget(ID, 1, true))
                    .expect(RUNNING);
        }

        @Test
        void impossiblePlanIsStuckBeforeTheFirstWriteAndRetryInspectsAgain() {
            SagaScript script = started(TERMS)
                    .completes()
                    .reply(Samples.targetInspected(1, Samples.target(null, 2L, null)))
                    .expectNothingSent()
                    .expect(STUCK)
                    .expectActions(RETRY, CANCEL);
            assertThat(script.state().failure().orElseThrow().code()).isEqualTo(FailureCode.COLLECTION_LIMIT_REACHED);

            script.operator(RETRY)
                    .expect(new InspectTarget(ID, 2, false))
                    .reply(Samples.targetInspected(2, Samples.UNLIMITED))
                    .expect(new PrepareTarget(ID, 1, false))
                    .expect(RUNNING);
            assertThat(script.state().failure()).isEmpty();
        }
    }

    @Nested
    class Members {

        private final SagaScript script = started(TERMS).completesUntil(Step.CONFIRM_MEMBERS);

        @Test
        void peopleWhoHaveNotAcceptedAreAskedForAgain() {
            script.reply(Samples.confirmed(1, 2))
                    .expectNothingSent()
                    .expect(WAITING)
                    .expectWaitingFor(MEMBERS)
                    .expectTimer(new Timer.AwaitMembers(1))
                    .pollIsDue()
                    .expect(new ConfirmMembers(ID, 2, document("snapshot"), document("invited"), false))
                    .expect(WAITING)
                    .expectTimer(new Timer.AwaitReply())
                    .reply(Samples.confirmed(2, 1))
                    .expectTimer(new Timer.AwaitMembers(2))
                    .pollIsDue()
                    .reply(Samples.confirmed(3, 0))
                    .expect(new ApplyPolicies(ID, 1, document("snapshot")))
                    .expect(RUNNING);
        }

        @Test
        void pollsWithoutNewsLeaveNoTraceInTheHistory() {
            script.reply(Samples.confirmed(1, 2));
            int before = script.history().size();

            script.pollIsDue().reply(Samples.confirmed(2, 2)).pollIsDue().reply(Samples.confirmed(3, 2));

            assertThat(script.history()).hasSize(before);
            assertThat(script.state().data().outcomes()).containsEntry(Step.CONFIRM_MEMBERS, document("confirmed-3"));
        }

        @Test
        void operatorLeavesThemBehindAndTheMigrationEndsWithExceptions() {
            script.reply(Samples.confirmed(1, 2))
                    .expectActions(APPROVE)
                    .operator(APPROVE)
                    .expect(new ConfirmMembers(ID, 2, document("snapshot"), document("invited"), true))
                    .expect(RUNNING)
                    .reply(Samples.confirmed(2, 2))
                    .expect(new ApplyPolicies(ID, 1, document("snapshot")))
                    .completesUntil(Step.FINISH)
                    .completes()
                    .expect(COMPLETED_WITH_EXCEPTIONS);
        }

        @Test
        void approvalDuringAPollIsHonoredAfterItsAnswer() {
            script.reply(Samples.confirmed(1, 2))
                    .pollIsDue()
                    .operator(APPROVE)
                    .expectNothingSent()
                    .expect(RUNNING)
                    .reply(Samples.confirmed(2, 2))
                    .expect(new ConfirmMembers(ID, 3, document("snapshot"), document("invited"), true))
                    .reply(Samples.confirmed(3, 2))
                    .expect(new ApplyPolicies(ID, 1, document("snapshot")));
        }

        @Test
        void serverThatIsAwayDoesNotEndTheWaiting() {
            script.reply(Samples.confirmed(1, 2))
                    .pollIsDue()
                    .fails(FailureCode.SERVER_UNREACHABLE)
                    .expect(WAITING)
                    .expectWaitingFor(MEMBERS)
                    .expectTimer(new Timer.AwaitMembers(2));
        }

        @Test
        void pausedPollGoesOnWithTheNextAttempt() {
            script.operator(PAUSE)
                    .reply(Samples.confirmed(1, 2))
                    .expect(PAUSED)
                    .operator(RESUME)
                    .expect(new ConfirmMembers(ID, 2, document("snapshot"), document("invited"), false));
        }
    }

    @Nested
    class Pausing {

        private final SagaScript script = started(TERMS).completesUntil(Step.IMPORT_ITEMS);

        @Test
        void runningStepIsHaltedAndResumedWithTheNextAttempt() {
            script.operator(PAUSE)
                    .expect(new HaltStep(ID, Step.IMPORT_ITEMS, 1))
                    .expect(RUNNING)
                    .expectActions(CANCEL)
                    .halts()
                    .expectNothingSent()
                    .expect(PAUSED)
                    .expectActions(RESUME, CANCEL)
                    .expectTimer(new Timer.None())
                    .operator(RESUME)
                    .expect(new ImportItems(
                            ID, 2, MigrationOptions.ALL, document("snapshot"), document("collections")));
        }

        @Test
        void stepThatCompletesFirstPausesBeforeTheNext() {
            script.operator(PAUSE)
                    .completes()
                    .expectNothingSent()
                    .expect(PAUSED)
                    .operator(RESUME)
                    .expect(new TransferAttachments(ID, 1, document("manifest")));
        }

        @Test
        void deadlineWhileHaltingSendsTheCommandAndTheHaltAgain() {
            script.operator(PAUSE)
                    .deadlinePasses()
                    .expect(
                            new ImportItems(ID, 1, MigrationOptions.ALL, document("snapshot"), document("collections")),
                            new HaltStep(ID, Step.IMPORT_ITEMS, 1));
        }

        @Test
        void approvalIsAskedForEvenWhenPausingDuringTheInspection() {
            started(APPROVED)
                    .completes()
                    .operator(PAUSE)
                    .completes()
                    .expect(WAITING)
                    .expectWaitingFor(APPROVAL);
        }

        @Test
        void cancelReplacesAPauseThatIsUnderWay() {
            script.operator(PAUSE)
                    .operator(CANCEL)
                    .expectNothingSent()
                    .expectActions()
                    .halts()
                    .expect(COMPENSATING);
        }
    }

    @Nested
    class Canceling {

        @Test
        void everythingThatMayHaveWrittenIsTakenBackInReverse() {
            SagaScript script = started(TERMS)
                    .completesUntil(Step.IMPORT_ITEMS)
                    .operator(CANCEL)
                    .expect(new HaltStep(ID, Step.IMPORT_ITEMS, 1))
                    .halts()
                    .expect(new UndoStep(ID, Step.IMPORT_ITEMS, 2))
                    .expect(COMPENSATING)
                    .expectActions()
                    .isUndone()
                    .expect(new UndoStep(ID, Step.PROVISION_GROUPS, 2))
                    .isUndone()
                    .expect(new UndoStep(ID, Step.IMPORT_COLLECTIONS, 2))
                    .isUndone()
                    .expect(new UndoStep(ID, Step.EXPORT_VAULT, 2))
                    .isUndone()
                    .expect(new UndoStep(ID, Step.PREPARE_TARGET, 2))
                    .isUndone()
                    .expect(new FinishMigration(ID, 1, null))
                    .completes()
                    .expect(COMPENSATED)
                    .expectActions();

            assertThat(script.state().data().removed()).isEqualTo(15);
            assertThat(script.state().data().kept()).isEqualTo(5);
        }

        @Test
        void beforeAnyWriteOnlyTheCleanUpFollows() {
            started(TERMS)
                    .operator(CANCEL)
                    .halts()
                    .expect(new FinishMigration(ID, 1, null))
                    .completes()
                    .expect(COMPENSATED);
        }

        @Test
        void planThatIsNotApprovedCanBeCanceled() {
            started(APPROVED)
                    .completes()
                    .completes()
                    .operator(CANCEL)
                    .expect(new FinishMigration(ID, 1, null))
                    .completes()
                    .expect(COMPENSATED);
        }

        @Test
        void plannedMigrationCanBeCanceled() {
            SagaScript.planned(TERMS).expectActions(CANCEL).operator(CANCEL).expect(new FinishMigration(ID, 1, null));
        }

        @Test
        void fromTheFirstInvitationOnThereIsNoWayBack() {
            started(TERMS)
                    .completesUntil(Step.INVITE_MEMBERS)
                    .expectActions(PAUSE)
                    .operator(CANCEL)
                    .expectRefused();
        }

        @Test
        void stuckMigrationCanBeCanceledBeforeThePivotOnly() {
            started(TERMS)
                    .completesUntil(Step.TRANSFER_ATTACHMENTS)
                    .fails(FailureCode.RIGHTS_MISSING)
                    .operator(CANCEL)
                    .expect(new UndoStep(ID, Step.TRANSFER_ATTACHMENTS, 2));
            started(TERMS)
                    .completesUntil(Step.VERIFY)
                    .fails(FailureCode.RIGHTS_MISSING)
                    .expectActions(RETRY);
        }
    }

    @Nested
    class Failing {

        @Test
        void operatorRetriesWithTheNextAttempt() {
            started(TERMS)
                    .completesUntil(Step.PREPARE_TARGET)
                    .fails(FailureCode.SERVER_UNREACHABLE)
                    .expect(STUCK)
                    .expectTimer(new Timer.None())
                    .operator(RETRY)
                    .expect(new PrepareTarget(ID, 2, false));
        }

        @Test
        void rejectedCredentialsAreWaitedFor() {
            started(TERMS)
                    .completesUntil(Step.EXPORT_VAULT)
                    .fails(FailureCode.CREDENTIALS_REJECTED)
                    .expect(WAITING)
                    .expectWaitingFor(CREDENTIALS)
                    .expectActions(RETRY, CANCEL)
                    .operator(RETRY)
                    .expect(new ExportVault(ID, 2, MigrationOptions.ALL))
                    .expect(RUNNING);
        }

        @Test
        void failureForGoodBeforeThePivotIsTakenBack() {
            SagaScript script = started(TERMS)
                    .completesUntil(Step.PREPARE_TARGET)
                    .fails(FailureCode.CREATION_REFUSED)
                    .expect(new UndoStep(ID, Step.PREPARE_TARGET, 2))
                    .isUndone()
                    .completes()
                    .expect(COMPENSATED);
            assertThat(script.state().failure().orElseThrow().code()).isEqualTo(FailureCode.CREATION_REFUSED);
        }

        @Test
        void failureForGoodAfterThePivotAsksTheOperator() {
            started(TERMS)
                    .completesUntil(Step.CONFIRM_MEMBERS)
                    .fails(FailureCode.CREATION_REFUSED)
                    .expect(STUCK);
        }

        @Test
        void compensationThatFailsIsRetriedByTheOperator() {
            started(TERMS)
                    .completesUntil(Step.IMPORT_COLLECTIONS)
                    .operator(CANCEL)
                    .halts()
                    .fails(FailureCode.RIGHTS_MISSING)
                    .expect(STUCK)
                    .expectActions(RETRY)
                    .operator(RETRY)
                    .expect(new UndoStep(ID, Step.IMPORT_COLLECTIONS, 3))
                    .expect(COMPENSATING)
                    .fails(FailureCode.CREDENTIALS_REJECTED)
                    .expectWaitingFor(CREDENTIALS)
                    .expectActions(RETRY)
                    .operator(RETRY)
                    .expect(new UndoStep(ID, Step.IMPORT_COLLECTIONS, 4));
        }
    }

    @Nested
    class TimeAndNoise {

        @Test
        void missedDeadlineSendsTheSameCommandAgainAndIsNotedOnce() {
            SagaScript script = started(TERMS).completesUntil(Step.EXPORT_VAULT);
            int before = script.history().size();

            script.deadlinePasses()
                    .expect(new ExportVault(ID, 1, MigrationOptions.ALL))
                    .expectTimer(new Timer.AwaitReply())
                    .deadlinePasses()
                    .expect(new ExportVault(ID, 1, MigrationOptions.ALL));

            assertThat(script.history()).hasSize(before + 1);
        }

        @Test
        void missedDeadlineOfACompensationSendsItAgain() {
            started(TERMS)
                    .completesUntil(Step.EXPORT_VAULT)
                    .operator(CANCEL)
                    .halts()
                    .deadlinePasses()
                    .expect(new UndoStep(ID, Step.EXPORT_VAULT, 2));
        }

        @Test
        void secondAnswerIsIgnored() {
            started(TERMS)
                    .completesUntil(Step.EXPORT_VAULT)
                    .reply(Samples.completed(Step.PREPARE_TARGET, 1))
                    .expectIgnored(IgnoredBecause.DUPLICATE_OR_LATE);
        }

        @Test
        void answerToAnEarlierAttemptIsIgnored() {
            started(TERMS)
                    .completesUntil(Step.EXPORT_VAULT)
                    .operator(PAUSE)
                    .halts()
                    .operator(RESUME)
                    .reply(Samples.completed(Step.EXPORT_VAULT, 1))
                    .expectIgnored(IgnoredBecause.DUPLICATE_OR_LATE)
                    .expect(RUNNING);
        }

        @Test
        void answerThatNobodyAskedForIsIgnored() {
            started(TERMS).reply(Samples.completed(Step.VERIFY, 1)).expectIgnored(IgnoredBecause.UNEXPECTED);
        }

        @Test
        void answerAfterTheEndIsIgnored() {
            started(DRY_RUN)
                    .completes()
                    .completes()
                    .completes()
                    .reply(Samples.completed(Step.FINISH, 1))
                    .expectIgnored(IgnoredBecause.ENDED);
        }

        @Test
        void refusedActionSaysWhatIsAllowed() {
            SagaScript script = started(TERMS).operator(ROLLBACK);
            assertThat(script.last()).isEqualTo(new Decision.Refused(ROLLBACK, java.util.Set.of(PAUSE, CANCEL)));
        }
    }
}
