package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.orchestrator.saga.SagaInput.DeadlinePassed;
import io.vaultferry.orchestrator.saga.SagaInput.OperatorActed;
import io.vaultferry.orchestrator.saga.SagaInput.PollDue;
import io.vaultferry.orchestrator.saga.SagaInput.Reply;
import io.vaultferry.orchestrator.saga.SagaInput.Started;
import java.util.function.Function;

/** Every kind of input, made to fit a state: "current" means the step and attempt that the state speaks of. */
enum Event {
    STARTED(state -> new Started()),
    STEP_COMPLETES(state -> new Reply(current(state))),
    STEP_COMPLETES_WITH_SOME_WAITING(state ->
            new Reply(state.step() == Step.CONFIRM_MEMBERS ? Samples.confirmed(attempt(state), 1) : current(state))),
    STEP_COMPLETES_WITH_NOTHING_NEW(state ->
            new Reply(state.step() == Step.CONFIRM_MEMBERS ? Samples.confirmed(attempt(state), 2) : current(state))),
    STEP_COMPLETES_WITH_AN_IMPOSSIBLE_PLAN(state -> new Reply(
            state.step() == Step.INSPECT_TARGET
                    ? Samples.targetInspected(attempt(state), Samples.target(null, null, 0L))
                    : current(state))),
    STEP_COMPLETES_WITH_EXCEPTIONS(state -> new Reply(
            state.step() == Step.FINISH ? new MigrationFinished(Samples.ID, attempt(state), 3) : current(state))),
    EARLIER_ATTEMPT_COMPLETES(state -> new Reply(Samples.completed(state.step(), Math.max(0, attempt(state) - 1)))),
    FIRST_STEP_COMPLETES_AGAIN(state -> new Reply(Samples.completed(Step.INSPECT_SOURCE, 1))),
    UNASKED_ATTEMPT_COMPLETES(state -> new Reply(Samples.completed(state.step(), attempt(state) + 1))),
    STEP_FAILS_FOR_A_WHILE(state -> failure(state, FailureCode.SERVER_UNREACHABLE)),
    STEP_FAILS_AND_ASKS(state -> failure(state, FailureCode.RIGHTS_MISSING)),
    STEP_FAILS_FOR_GOOD(state -> failure(state, FailureCode.CREATION_REFUSED)),
    CREDENTIALS_ARE_REJECTED(state -> failure(state, FailureCode.CREDENTIALS_REJECTED)),
    STEP_HALTS(state -> new Reply(new StepHalted(Samples.ID, state.step(), attempt(state)))),
    STEP_IS_UNDONE(state -> new Reply(new StepUndone(Samples.ID, state.step(), attempt(state), 2, 0))),
    DEADLINE_PASSES(state -> new DeadlinePassed(state.step(), attempt(state))),
    DEADLINE_OF_AN_EARLIER_ATTEMPT_PASSES(state -> new DeadlinePassed(state.step(), attempt(state) - 1)),
    POLL_IS_DUE(state -> new PollDue(attempt(state))),
    POLL_OF_AN_EARLIER_ATTEMPT_IS_DUE(state -> new PollDue(attempt(state) - 1)),
    OPERATOR_APPROVES(state -> new OperatorActed(OperatorAction.APPROVE)),
    OPERATOR_PAUSES(state -> new OperatorActed(OperatorAction.PAUSE)),
    OPERATOR_RESUMES(state -> new OperatorActed(OperatorAction.RESUME)),
    OPERATOR_RETRIES(state -> new OperatorActed(OperatorAction.RETRY)),
    OPERATOR_CANCELS(state -> new OperatorActed(OperatorAction.CANCEL)),
    OPERATOR_ROLLS_BACK(state -> new OperatorActed(OperatorAction.ROLLBACK)),
    OPERATOR_SYNCS(state -> new OperatorActed(OperatorAction.SYNC));

    @SuppressWarnings("ImmutableEnumChecker") // The functions hold nothing.
    private final Function<SagaState, SagaInput> input;

    Event(Function<SagaState, SagaInput> input) {
        this.input = input;
    }

    SagaInput in(Situation situation) {
        return input.apply(situation.state());
    }

    private static int attempt(SagaState state) {
        return state.current().attempt();
    }

    private static Completed current(SagaState state) {
        return Samples.completed(state.step(), attempt(state));
    }

    private static Reply failure(SagaState state, FailureCode code) {
        return new Reply(Samples.failed(state.step(), attempt(state), code));
    }
}
