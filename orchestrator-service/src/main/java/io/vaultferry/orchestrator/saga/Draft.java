package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepMessage;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.orchestrator.saga.SagaDefinition.StepDefinition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A move in the making: the next state and what goes out with it. */
final class Draft {

    private final SagaState origin;
    private final SagaInput input;
    private final List<StepMessage> messages = new ArrayList<>();
    private final List<HistoryEntry> skipped = new ArrayList<>();
    private SagaStatus status;
    private Optional<WaitingReason> waitingFor;
    private Optional<HaltReason> halting;
    private Optional<SagaFailure> failure;
    private Timer timer = new Timer.Unchanged();
    private String note = "";
    private boolean traceless;

    Direction direction;
    Step step;
    SagaData data;
    final Map<Step, StepState> steps;

    Draft(SagaState origin, SagaInput input) {
        this.origin = origin;
        this.input = input;
        this.status = origin.status();
        this.waitingFor = origin.waitingFor();
        this.halting = origin.halting();
        this.failure = origin.failure();
        this.direction = origin.direction();
        this.step = origin.step();
        this.data = origin.data();
        this.steps = new EnumMap<>(origin.steps());
    }

    // ---- what comes in

    void complete(Completed completed) {
        settle(StepStatus.DONE);
        data = data.with(completed);
        note(Notes.of(completed));
    }

    void fail(StepFailed failed) {
        fail(new SagaFailure(failed.step(), failed.code(), failed.detail()));
    }

    void fail(SagaFailure why) {
        settle(StepStatus.FAILED);
        failure = Optional.of(why);
        note(why.code() + ": " + why.detail());
    }

    void forgetFailure() {
        failure = Optional.empty();
    }

    void undone(StepUndone undone) {
        settle(StepStatus.UNDONE);
        data = data.with(undone);
        note(undone.removed() + " removed, " + undone.kept() + " kept");
    }

    void settle(StepStatus stepStatus) {
        steps.put(step, steps.get(step).is(stepStatus));
    }

    /** Whether people are to be waited for after this answer, rather than left behind. */
    boolean membersAreAwaited(MembersConfirmed confirmed) {
        boolean leftBehind = data.leaveWaitingFrom() > 0 && confirmed.attempt() >= data.leaveWaitingFrom();
        return confirmed.waiting() > 0 && !leftBehind;
    }

    // ---- what follows

    /** Asks for a step with its next attempt: on the way, or as the clean-up at the end of a compensation. */
    void send(StepDefinition row) {
        status = direction == Direction.FORWARD ? SagaStatus.RUNNING : SagaStatus.COMPENSATING;
        waitingFor = Optional.empty();
        if (direction == Direction.FORWARD) {
            failure = Optional.empty();
        }
        sendKeepingStatus(row);
    }

    void sendKeepingStatus(StepDefinition row) {
        halting = Optional.empty();
        step = row.step();
        StepState sent = steps.get(step).sentAgainAs(StepStatus.RUNNING);
        steps.put(step, sent);
        messages.add(row.command().build(origin.id(), sent.attempt(), data));
        timer = new Timer.AwaitReply();
    }

    void undo(Step toUndo) {
        status = SagaStatus.COMPENSATING;
        waitingFor = Optional.empty();
        halting = Optional.empty();
        step = toUndo;
        StepState sent = steps.get(step).sentAgainAs(StepStatus.UNDOING);
        steps.put(step, sent);
        messages.add(new UndoStep(origin.id(), step, sent.attempt()));
        timer = new Timer.AwaitReply();
    }

    void sendTheSameAgain(StepDefinition row) {
        StepState current = steps.get(step);
        traceless = current.overdue();
        steps.put(step, current.missedItsDeadline());
        messages.add(
                current.status() == StepStatus.UNDOING
                        ? new UndoStep(origin.id(), step, current.attempt())
                        : row.command().build(origin.id(), current.attempt(), data));
        if (halting.isPresent()) {
            messages.add(new HaltStep(origin.id(), step, current.attempt()));
        }
        timer = new Timer.AwaitReply();
    }

    void halt(HaltReason reason) {
        haltFor(reason);
        messages.add(new HaltStep(origin.id(), step, steps.get(step).attempt()));
        timer = new Timer.AwaitReply();
    }

    /** Changes what follows once the step that is halting has halted. */
    void haltFor(HaltReason reason) {
        halting = Optional.of(reason);
    }

    void awaitMembers(MembersConfirmed confirmed) {
        pollLater();
        status = SagaStatus.WAITING;
        waitingFor = Optional.of(WaitingReason.MEMBERS);
        note(Notes.of(confirmed));
    }

    void pollLater() {
        settle(StepStatus.WAITING);
        timer = new Timer.AwaitMembers(steps.get(step).attempt());
    }

    void waitFor(WaitingReason reason) {
        comeToRest(SagaStatus.WAITING);
        waitingFor = Optional.of(reason);
    }

    /** Nothing moves the saga from here but a person. */
    void comeToRest(SagaStatus where) {
        status = where;
        waitingFor = Optional.empty();
        halting = Optional.empty();
        timer = new Timer.None();
    }

    /** Runs although it was waiting; the command that is out has not been answered yet. */
    void runOn() {
        status = SagaStatus.RUNNING;
        waitingFor = Optional.empty();
    }

    void skip(Step toSkip, String why) {
        steps.put(toSkip, StepState.PENDING.is(StepStatus.SKIPPED));
        skipped.add(
                new HistoryEntry(SagaStatus.RUNNING, "skipped", SagaStatus.RUNNING, Optional.empty(), toSkip, 0, why));
    }

    void note(String text) {
        note = text;
    }

    /** Keeps what happens every few minutes for days out of the history. */
    void leavesNoTrace() {
        traceless = true;
    }

    Decision move(Transition transition) {
        if (transition.from() != origin.status()) {
            throw new IllegalStateException(transition + " does not begin at " + origin.status());
        }
        SagaState next = new SagaState(origin.id(), status, waitingFor, direction, step, halting, steps, data, failure);
        List<HistoryEntry> history = new ArrayList<>();
        if (!traceless) {
            history.add(new HistoryEntry(
                    origin.status(),
                    input.label(),
                    status,
                    waitingFor,
                    origin.step(),
                    origin.current().attempt(),
                    note));
        }
        history.addAll(skipped);
        return new Decision.Move(transition, next, messages, history, timer);
    }
}
