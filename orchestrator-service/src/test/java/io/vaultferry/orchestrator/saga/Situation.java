package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.OperatorAction.APPROVE;
import static io.vaultferry.orchestrator.saga.OperatorAction.CANCEL;
import static io.vaultferry.orchestrator.saga.OperatorAction.PAUSE;
import static io.vaultferry.orchestrator.saga.SagaScript.planned;
import static io.vaultferry.orchestrator.saga.SagaScript.started;
import static io.vaultferry.orchestrator.saga.Samples.APPROVED;
import static io.vaultferry.orchestrator.saga.Samples.DRY_RUN;
import static io.vaultferry.orchestrator.saga.Samples.TERMS;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Step;
import java.util.function.Supplier;

/** Every kind of state that the engine tells apart, reached by a script rather than put together by hand. */
enum Situation {
    PLANNED(() -> planned(TERMS)),
    RUNNING_BEFORE_ANY_WRITE(() -> started(TERMS)),
    RUNNING_INSPECTION_OF_TARGET(() -> started(TERMS).completesUntil(Step.INSPECT_TARGET)),
    RUNNING_INSPECTION_TO_BE_APPROVED(() -> started(APPROVED).completesUntil(Step.INSPECT_TARGET)),
    RUNNING_INSPECTION_OF_DRY_RUN(() -> started(DRY_RUN).completesUntil(Step.INSPECT_TARGET)),
    RUNNING_COMPENSATABLE_STEP(() -> started(TERMS).completesUntil(Step.IMPORT_ITEMS)),
    RUNNING_OVERDUE(() -> started(TERMS).completesUntil(Step.IMPORT_ITEMS).deadlinePasses()),
    RUNNING_HALTING_TO_PAUSE(
            () -> started(TERMS).completesUntil(Step.IMPORT_ITEMS).operator(PAUSE)),
    RUNNING_HALTING_TO_CANCEL(
            () -> started(TERMS).completesUntil(Step.IMPORT_ITEMS).operator(CANCEL)),
    RUNNING_PIVOT(() -> started(TERMS).completesUntil(Step.INVITE_MEMBERS)),
    RUNNING_CONFIRMATION(() -> started(TERMS).completesUntil(Step.CONFIRM_MEMBERS)),
    RUNNING_APPROVED_DURING_POLL(() -> started(TERMS)
            .completesUntil(Step.CONFIRM_MEMBERS)
            .reply(Samples.confirmed(1, 2))
            .pollIsDue()
            .operator(APPROVE)),
    RUNNING_CLEAN_UP(() -> started(TERMS).completesUntil(Step.FINISH)),
    PAUSED_WITHIN_A_STEP(() ->
            started(TERMS).completesUntil(Step.IMPORT_ITEMS).operator(PAUSE).halts()),
    PAUSED_BETWEEN_STEPS(() ->
            started(TERMS).completesUntil(Step.IMPORT_ITEMS).operator(PAUSE).completes()),
    WAITING_FOR_APPROVAL(() -> started(APPROVED).completes().completes()),
    WAITING_FOR_MEMBERS(
            () -> started(TERMS).completesUntil(Step.CONFIRM_MEMBERS).reply(Samples.confirmed(1, 2))),
    WAITING_FOR_MEMBERS_ASKING(() -> started(TERMS)
            .completesUntil(Step.CONFIRM_MEMBERS)
            .reply(Samples.confirmed(1, 2))
            .pollIsDue()),
    WAITING_FOR_CREDENTIALS(
            () -> started(TERMS).completesUntil(Step.IMPORT_ITEMS).fails(FailureCode.CREDENTIALS_REJECTED)),
    WAITING_FOR_CREDENTIALS_TO_UNDO(() -> started(TERMS)
            .completesUntil(Step.IMPORT_ITEMS)
            .operator(CANCEL)
            .halts()
            .fails(FailureCode.CREDENTIALS_REJECTED)),
    COMPENSATING_STEP(() ->
            started(TERMS).completesUntil(Step.IMPORT_ITEMS).operator(CANCEL).halts()),
    COMPENSATING_CLEAN_UP(() -> started(TERMS).operator(CANCEL).halts()),
    STUCK_ON_THE_PLAN(
            () -> started(TERMS).completes().reply(Samples.targetInspected(1, Samples.target(null, 2L, null)))),
    STUCK_BEFORE_THE_PIVOT(
            () -> started(TERMS).completesUntil(Step.IMPORT_ITEMS).fails(FailureCode.RIGHTS_MISSING)),
    STUCK_AFTER_THE_PIVOT(() -> started(TERMS).completesUntil(Step.VERIFY).fails(FailureCode.RIGHTS_MISSING)),
    STUCK_UNDOING(() -> started(TERMS)
            .completesUntil(Step.IMPORT_ITEMS)
            .operator(CANCEL)
            .halts()
            .fails(FailureCode.RIGHTS_MISSING)),
    COMPLETED(() -> started(DRY_RUN).completes().completes().completes()),
    COMPLETED_WITH_EXCEPTIONS(() -> started(TERMS)
            .completesUntil(Step.FINISH)
            .reply(new io.vaultferry.contracts.StepReply.MigrationFinished(Samples.ID, 1, 2))),
    COMPENSATED(() -> started(TERMS).operator(CANCEL).halts().completes());

    @SuppressWarnings("ImmutableEnumChecker") // A record of immutable parts.
    private final SagaState state;

    Situation(Supplier<SagaScript> script) {
        this.state = script.get().state();
    }

    SagaState state() {
        return state;
    }
}
