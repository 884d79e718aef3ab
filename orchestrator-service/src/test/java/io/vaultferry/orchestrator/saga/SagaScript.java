package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepMessage;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.orchestrator.saga.SagaInput.DeadlinePassed;
import io.vaultferry.orchestrator.saga.SagaInput.OperatorActed;
import io.vaultferry.orchestrator.saga.SagaInput.PollDue;
import io.vaultferry.orchestrator.saga.SagaInput.Reply;
import io.vaultferry.orchestrator.saga.SagaInput.Started;
import java.util.ArrayList;
import java.util.List;

/** A saga test as a script: given an input, expect messages and a status, given the next. */
final class SagaScript {

    static final SagaEngine ENGINE = new SagaEngine(OrganizationMigration.TABLE);

    private SagaState state;
    private Decision last;
    private Timer timer = new Timer.None();
    private final List<HistoryEntry> history = new ArrayList<>();
    private final List<Transition> taken = new ArrayList<>();

    private SagaScript(SagaState state) {
        this.state = state;
    }

    static SagaScript planned(MigrationTerms terms) {
        return new SagaScript(SagaState.planned(Samples.ID, terms));
    }

    static SagaScript started(MigrationTerms terms) {
        return planned(terms).given(new Started());
    }

    SagaScript given(SagaInput input) {
        last = ENGINE.decide(state, input);
        if (last instanceof Decision.Move move) {
            state = move.next();
            history.addAll(move.history());
            taken.add(move.transition());
            if (!(move.timer() instanceof Timer.Unchanged)) {
                timer = move.timer();
            }
        }
        return this;
    }

    SagaScript reply(StepReply reply) {
        return given(new Reply(reply));
    }

    /** The running step completes. */
    SagaScript completes() {
        return reply(completion());
    }

    Completed completion() {
        return Samples.completed(state.step(), state.current().attempt());
    }

    /** All steps complete up to the one that is running then. */
    SagaScript completesUntil(Step step) {
        while (state.step() != step) {
            Step before = state.step();
            completes();
            assertThat(state.step()).as("step after %s", before).isNotEqualTo(before);
        }
        return this;
    }

    SagaScript fails(FailureCode code) {
        return reply(Samples.failed(state.step(), state.current().attempt(), code));
    }

    SagaScript halts() {
        return reply(new StepHalted(Samples.ID, state.step(), state.current().attempt()));
    }

    SagaScript isUndone() {
        return reply(new StepUndone(Samples.ID, state.step(), state.current().attempt(), 3, 1));
    }

    SagaScript deadlinePasses() {
        return given(new DeadlinePassed(state.step(), state.current().attempt()));
    }

    SagaScript pollIsDue() {
        return given(new PollDue(state.current().attempt()));
    }

    SagaScript operator(OperatorAction action) {
        return given(new OperatorActed(action));
    }

    SagaScript expect(StepMessage... messages) {
        assertThat(last).isInstanceOf(Decision.Move.class);
        assertThat(((Decision.Move) last).messages()).containsExactly(messages);
        return this;
    }

    SagaScript expectNothingSent() {
        return expect();
    }

    SagaScript expect(SagaStatus status) {
        assertThat(state.status()).isEqualTo(status);
        return this;
    }

    SagaScript expectWaitingFor(WaitingReason reason) {
        assertThat(state.waitingFor()).contains(reason);
        return this;
    }

    SagaScript expectActions(OperatorAction... actions) {
        assertThat(ENGINE.allowedActions(state)).containsExactlyInAnyOrder(actions);
        return this;
    }

    SagaScript expectIgnored(Decision.IgnoredBecause reason) {
        assertThat(last).isEqualTo(new Decision.Ignored(reason));
        return this;
    }

    SagaScript expectRefused() {
        assertThat(last).isInstanceOf(Decision.Refused.class);
        return this;
    }

    SagaScript expectTimer(Timer expected) {
        assertThat(timer).isEqualTo(expected);
        return this;
    }

    SagaState state() {
        return state;
    }

    Decision last() {
        return last;
    }

    List<HistoryEntry> history() {
        return history;
    }

    List<Transition> taken() {
        return taken;
    }
}
