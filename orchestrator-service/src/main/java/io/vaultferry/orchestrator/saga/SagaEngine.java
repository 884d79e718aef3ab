package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.Disposition;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.StepReply.SourceInspected;
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.orchestrator.saga.Decision.Ignored;
import io.vaultferry.orchestrator.saga.Decision.IgnoredBecause;
import io.vaultferry.orchestrator.saga.Decision.Refused;
import io.vaultferry.orchestrator.saga.SagaDefinition.StepDefinition;
import io.vaultferry.orchestrator.saga.SagaInput.DeadlinePassed;
import io.vaultferry.orchestrator.saga.SagaInput.OperatorActed;
import io.vaultferry.orchestrator.saga.SagaInput.PollDue;
import io.vaultferry.orchestrator.saga.SagaInput.Reply;
import io.vaultferry.orchestrator.saga.SagaInput.Started;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what follows from an input. A pure function of state and input: the same question always has the same answer,
 * and everything that happens happens in the transaction of the caller.
 *
 * <p>What holds in every state: at most one step owes an answer; RUNNING and COMPENSATING have exactly one such step;
 * WAITING for members has one while they are being asked; every other status has none and moves by an operator's action
 * only.
 */
public final class SagaEngine {

    private final SagaDefinition saga;

    public SagaEngine(SagaDefinition saga) {
        this.saga = saga;
    }

    /** What follows from {@code input} in {@code state}. Never throws for a state that came from here. */
    public Decision decide(SagaState state, SagaInput input) {
        return switch (state.status()) {
            case PLANNED -> planned(state, input);
            case RUNNING -> running(state, input);
            case PAUSED -> paused(state, input);
            case WAITING -> waiting(state, input);
            case COMPENSATING -> compensating(state, input);
            case STUCK -> stuck(state, input);
            case COMPLETED, COMPLETED_WITH_EXCEPTIONS, COMPENSATED -> ended(state, input);
        };
    }

    /** The actions that an operator may take now. */
    public Set<OperatorAction> allowedActions(SagaState state) {
        Set<OperatorAction> allowed = EnumSet.noneOf(OperatorAction.class);
        allowed.addAll(state.waitingFor()
                .map(WaitingReason::actions)
                .orElse(state.status().actions()));
        if (state.halting().isPresent() || state.step().participant() == Participant.ORCHESTRATOR) {
            allowed.remove(OperatorAction.PAUSE);
        }
        if (state.halting().equals(Optional.of(HaltReason.CANCEL))
                || state.direction() == Direction.BACKWARD
                || pivotReached(state)) {
            allowed.remove(OperatorAction.CANCEL);
        }
        return allowed;
    }

    // ---- PLANNED

    private Decision planned(SagaState state, SagaInput input) {
        return switch (input) {
            case Started started -> {
                Draft draft = new Draft(state, input);
                draft.send(saga.first());
                yield draft.move(Transition.START);
            }
            case OperatorActed acted -> {
                if (!allowedActions(state).contains(acted.action())) {
                    yield refused(state, acted);
                }
                yield compensate(new Draft(state, input)).move(Transition.CANCEL_PLANNED);
            }
            case Reply reply -> new Ignored(IgnoredBecause.UNEXPECTED);
            case DeadlinePassed passed -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
            case PollDue due -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
        };
    }

    // ---- RUNNING

    private Decision running(SagaState state, SagaInput input) {
        return switch (input) {
            case Started started -> new Ignored(IgnoredBecause.UNEXPECTED);
            case PollDue due -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
            case DeadlinePassed passed -> overdue(state, passed, Transition.STEP_OVERDUE);
            case OperatorActed acted -> operatorWhileRunning(state, acted);
            case Reply reply -> {
                Optional<Ignored> ignored = ignored(state, reply.reply());
                if (ignored.isPresent()) {
                    yield ignored.get();
                }
                yield switch (reply.reply()) {
                    case Completed completed -> completed(state, reply, completed);
                    case StepFailed failed -> failedWhileRunning(state, reply, failed);
                    case StepHalted halted -> halted(state, reply);
                    case StepUndone undone -> new Ignored(IgnoredBecause.UNEXPECTED);
                };
            }
        };
    }

    private Decision operatorWhileRunning(SagaState state, OperatorActed acted) {
        if (!allowedActions(state).contains(acted.action())) {
            return refused(state, acted);
        }
        Draft draft = new Draft(state, acted);
        return switch (acted.action()) {
            case PAUSE -> {
                draft.halt(HaltReason.PAUSE);
                yield draft.move(Transition.PAUSE_REQUESTED);
            }
            case CANCEL -> {
                // A step that is halting for a pause needs no second word.
                if (state.halting().isPresent()) {
                    draft.haltFor(HaltReason.CANCEL);
                } else {
                    draft.halt(HaltReason.CANCEL);
                }
                yield draft.move(Transition.CANCEL_REQUESTED);
            }
            case APPROVE, RESUME, RETRY, ROLLBACK, SYNC -> refused(state, acted);
        };
    }

    private Decision completed(SagaState state, Reply input, Completed completed) {
        Draft draft = new Draft(state, input);
        draft.complete(completed);
        if (state.halting().equals(Optional.of(HaltReason.CANCEL))) {
            return compensate(draft).move(Transition.COMPLETED_BEFORE_CANCEL);
        }
        if (completed instanceof TargetInspected) {
            // The plan decides before a pause does: an impossible one, or one to be approved, comes to rest anyway.
            Optional<Decision> verdict = plan(draft);
            if (verdict.isPresent()) {
                return verdict.get();
            }
        }
        return state.halting().isPresent() ? restAfter(draft, completed) : goOnAfter(draft, completed);
    }

    private Decision goOnAfter(Draft draft, Completed completed) {
        return switch (completed) {
            case TargetInspected inspected ->
                goOn(draft).move(draft.data.terms().dryRun() ? Transition.DRY_RUN_PLANNED : Transition.STEP_COMPLETED);
            case MembersConfirmed confirmed -> {
                if (!draft.membersAreAwaited(confirmed)) {
                    yield goOn(draft).move(Transition.STEP_COMPLETED);
                }
                if (draft.data.leaveWaitingFrom() > 0) {
                    draft.send(saga.row(Step.CONFIRM_MEMBERS));
                    yield draft.move(Transition.MEMBERS_LEFT_BEHIND);
                }
                draft.awaitMembers(confirmed);
                yield draft.move(Transition.MEMBERS_AWAITED);
            }
            case MigrationFinished finished -> finish(draft, finished);
            case SourceInspected e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case TargetPrepared e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case VaultExported e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case CollectionsImported e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case GroupsProvisioned e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case ItemsImported e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case AttachmentsTransferred e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case MembersInvited e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case PoliciesApplied e -> goOn(draft).move(Transition.STEP_COMPLETED);
            case MigrationVerified e -> goOn(draft).move(Transition.STEP_COMPLETED);
        };
    }

    /** A step that was asked to halt had finished before it heard of it. */
    private Decision restAfter(Draft draft, Completed completed) {
        if (completed instanceof MembersConfirmed confirmed && draft.membersAreAwaited(confirmed)) {
            draft.settle(StepStatus.WAITING);
        } else {
            draft.step = nextWanted(draft).step();
        }
        draft.comeToRest(SagaStatus.PAUSED);
        return draft.move(Transition.COMPLETED_BEFORE_PAUSE);
    }

    /** Both organizations have been inspected: computes the plan. Empty when nothing stands against going on. */
    private Optional<Decision> plan(Draft draft) {
        MigrationTerms terms = draft.data.terms();
        SourceInspected source = draft.data.require(SourceInspected.class);
        TargetInspected target = draft.data.require(TargetInspected.class);
        MigrationPlan plan = PlanComputation.plan(
                terms.options(), source.server(), source.content(), target.server(), target.facts());
        draft.data = draft.data.with(plan);
        if (terms.dryRun()) {
            return Optional.empty();
        }
        if (!plan.blockers().isEmpty()) {
            MigrationPlan.Blocker blocker = plan.blockers().getFirst();
            draft.fail(new SagaFailure(Step.INSPECT_TARGET, blocker.code(), blocker.detail()));
            draft.comeToRest(SagaStatus.STUCK);
            return Optional.of(draft.move(Transition.PLAN_BLOCKED));
        }
        if (terms.requireApproval()) {
            draft.step = nextWanted(draft).step();
            draft.waitFor(WaitingReason.APPROVAL);
            return Optional.of(draft.move(Transition.PLAN_AWAITS_APPROVAL));
        }
        return Optional.empty();
    }

    private static Decision finish(Draft draft, MigrationFinished finished) {
        boolean different = draft.data
                .event(MigrationVerified.class)
                .map(e -> e.differences() > 0)
                .orElse(false);
        boolean exceptions = different || finished.exceptions() > 0 || draft.data.membersWaiting() > 0;
        draft.comeToRest(exceptions ? SagaStatus.COMPLETED_WITH_EXCEPTIONS : SagaStatus.COMPLETED);
        return draft.move(exceptions ? Transition.FINISH_WITH_EXCEPTIONS : Transition.FINISH_COMPLETE);
    }

    private Decision failedWhileRunning(SagaState state, Reply input, StepFailed failed) {
        Draft draft = new Draft(state, input);
        draft.fail(failed);
        if (state.halting().equals(Optional.of(HaltReason.CANCEL))) {
            return compensate(draft).move(Transition.FAILED_BEFORE_CANCEL);
        }
        if (failed.code() == FailureCode.CREDENTIALS_REJECTED) {
            draft.waitFor(WaitingReason.CREDENTIALS);
            return draft.move(Transition.STEP_CREDENTIALS_REJECTED);
        }
        boolean takenBack = switch (failed.code().disposition()) {
            case RETRY_LATER, ASK_OPERATOR -> false;
            case COMPENSATE -> !pivotReached(state);
        };
        if (takenBack) {
            return compensate(draft).move(Transition.STEP_FAILED_FOR_GOOD);
        }
        draft.comeToRest(SagaStatus.STUCK);
        return draft.move(Transition.STEP_FAILED);
    }

    private Decision halted(SagaState state, Reply input) {
        Draft draft = new Draft(state, input);
        draft.settle(StepStatus.HALTED);
        if (state.halting().equals(Optional.of(HaltReason.CANCEL))) {
            return compensate(draft).move(Transition.HALTED_FOR_CANCEL);
        }
        // A step that halts unasked rests where an operator can resume it, rather than being asked for ever again.
        draft.comeToRest(SagaStatus.PAUSED);
        return draft.move(Transition.HALTED_FOR_PAUSE);
    }

    // ---- PAUSED

    private Decision paused(SagaState state, SagaInput input) {
        return switch (input) {
            case OperatorActed acted -> {
                if (!allowedActions(state).contains(acted.action())) {
                    yield refused(state, acted);
                }
                Draft draft = new Draft(state, input);
                yield switch (acted.action()) {
                    case RESUME -> {
                        draft.send(saga.row(state.step()));
                        yield draft.move(Transition.RESUME);
                    }
                    case CANCEL -> compensate(draft).move(Transition.CANCEL_PAUSED);
                    case APPROVE, PAUSE, RETRY, ROLLBACK, SYNC -> refused(state, acted);
                };
            }
            case Started started -> new Ignored(IgnoredBecause.UNEXPECTED);
            case Reply reply -> unasked(state, reply.reply());
            case DeadlinePassed passed -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
            case PollDue due -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
        };
    }

    // ---- WAITING

    private Decision waiting(SagaState state, SagaInput input) {
        return switch (input) {
            case Started started -> new Ignored(IgnoredBecause.UNEXPECTED);
            case OperatorActed acted -> operatorWhileWaiting(state, acted);
            case PollDue due -> {
                boolean timely = state.waitingFor().equals(Optional.of(WaitingReason.MEMBERS))
                        && state.current().status() == StepStatus.WAITING
                        && state.current().attempt() == due.attempt();
                if (!timely) {
                    yield new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
                }
                Draft draft = new Draft(state, input);
                draft.sendKeepingStatus(saga.row(state.step()));
                draft.leavesNoTrace();
                yield draft.move(Transition.POLL);
            }
            case DeadlinePassed passed -> overdue(state, passed, Transition.POLL_OVERDUE);
            case Reply reply -> {
                Optional<Ignored> ignored = ignored(state, reply.reply());
                if (ignored.isPresent()) {
                    yield ignored.get();
                }
                yield switch (reply.reply()) {
                    case Completed completed ->
                        completed instanceof MembersConfirmed confirmed
                                ? confirmedWhileWaiting(state, reply, confirmed)
                                : new Ignored(IgnoredBecause.UNEXPECTED);
                    case StepFailed failed -> failedWhileWaiting(state, reply, failed);
                    case StepHalted halted -> new Ignored(IgnoredBecause.UNEXPECTED);
                    case StepUndone undone -> new Ignored(IgnoredBecause.UNEXPECTED);
                };
            }
        };
    }

    private Decision operatorWhileWaiting(SagaState state, OperatorActed acted) {
        if (!allowedActions(state).contains(acted.action())) {
            return refused(state, acted);
        }
        Draft draft = new Draft(state, acted);
        return switch (acted.action()) {
            case APPROVE -> {
                if (state.waitingFor().equals(Optional.of(WaitingReason.APPROVAL))) {
                    draft.send(saga.row(state.step()));
                    yield draft.move(Transition.APPROVE_PLAN);
                }
                draft.data = draft.data.leavingWaitingFrom(state.current().attempt() + 1);
                if (state.awaitsReply()) {
                    draft.runOn();
                } else {
                    draft.send(saga.row(state.step()));
                }
                yield draft.move(Transition.APPROVE_WITHOUT_WAITING);
            }
            case RETRY ->
                switch (state.direction()) {
                    case FORWARD -> retryForward(draft, Transition.RETRY_WAITING);
                    case BACKWARD -> retryBackward(draft, Transition.RETRY_WAITING_UNDO);
                };
            case CANCEL -> compensate(draft).move(Transition.CANCEL_WAITING);
            case PAUSE, RESUME, ROLLBACK, SYNC -> refused(state, acted);
        };
    }

    private Decision confirmedWhileWaiting(SagaState state, Reply input, MembersConfirmed confirmed) {
        Draft draft = new Draft(state, input);
        boolean news = !draft.data
                .event(MembersConfirmed.class)
                .map(last -> last.waiting() == confirmed.waiting() && last.confirmed() == confirmed.confirmed())
                .orElse(false);
        draft.complete(confirmed);
        if (!draft.membersAreAwaited(confirmed)) {
            return goOn(draft).move(Transition.MEMBERS_ALL_CONFIRMED);
        }
        draft.awaitMembers(confirmed);
        if (!news) {
            draft.leavesNoTrace();
        }
        return draft.move(Transition.MEMBERS_STILL_AWAITED);
    }

    private static Decision failedWhileWaiting(SagaState state, Reply input, StepFailed failed) {
        Draft draft = new Draft(state, input);
        if (failed.code().disposition() == Disposition.RETRY_LATER) {
            draft.pollLater();
            draft.note(failed.code() + ": " + failed.detail());
            return draft.move(Transition.POLL_POSTPONED);
        }
        draft.fail(failed);
        if (failed.code() == FailureCode.CREDENTIALS_REJECTED) {
            draft.waitFor(WaitingReason.CREDENTIALS);
            return draft.move(Transition.POLL_CREDENTIALS_REJECTED);
        }
        draft.comeToRest(SagaStatus.STUCK);
        return draft.move(Transition.POLL_FAILED);
    }

    // ---- COMPENSATING

    private Decision compensating(SagaState state, SagaInput input) {
        return switch (input) {
            case Started started -> new Ignored(IgnoredBecause.UNEXPECTED);
            case PollDue due -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
            case OperatorActed acted -> refused(state, acted);
            case DeadlinePassed passed -> overdue(state, passed, Transition.UNDO_OVERDUE);
            case Reply reply -> {
                Optional<Ignored> ignored = ignored(state, reply.reply());
                if (ignored.isPresent()) {
                    yield ignored.get();
                }
                Draft draft = new Draft(state, input);
                yield switch (reply.reply()) {
                    case StepUndone undone -> {
                        if (state.current().status() != StepStatus.UNDOING) {
                            yield new Ignored(IgnoredBecause.UNEXPECTED);
                        }
                        draft.undone(undone);
                        yield undoNext(draft).move(Transition.UNDO_COMPLETED);
                    }
                    case Completed completed -> {
                        if (!(completed instanceof MigrationFinished)) {
                            yield new Ignored(IgnoredBecause.UNEXPECTED);
                        }
                        draft.complete(completed);
                        draft.comeToRest(SagaStatus.COMPENSATED);
                        yield draft.move(Transition.UNDO_FINISHED);
                    }
                    case StepFailed failed -> {
                        draft.fail(failed);
                        if (failed.code() == FailureCode.CREDENTIALS_REJECTED) {
                            draft.waitFor(WaitingReason.CREDENTIALS);
                            yield draft.move(Transition.UNDO_CREDENTIALS_REJECTED);
                        }
                        draft.comeToRest(SagaStatus.STUCK);
                        yield draft.move(Transition.UNDO_FAILED);
                    }
                    case StepHalted halted -> new Ignored(IgnoredBecause.UNEXPECTED);
                };
            }
        };
    }

    // ---- STUCK and the ends

    private Decision stuck(SagaState state, SagaInput input) {
        return switch (input) {
            case OperatorActed acted -> {
                if (!allowedActions(state).contains(acted.action())) {
                    yield refused(state, acted);
                }
                Draft draft = new Draft(state, input);
                yield switch (acted.action()) {
                    case RETRY ->
                        switch (state.direction()) {
                            case FORWARD -> retryForward(draft, Transition.RETRY_STUCK);
                            case BACKWARD -> retryBackward(draft, Transition.RETRY_STUCK_UNDO);
                        };
                    case CANCEL -> compensate(draft).move(Transition.CANCEL_STUCK);
                    case APPROVE, PAUSE, RESUME, ROLLBACK, SYNC -> refused(state, acted);
                };
            }
            case Started started -> new Ignored(IgnoredBecause.UNEXPECTED);
            case Reply reply -> unasked(state, reply.reply());
            case DeadlinePassed passed -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
            case PollDue due -> new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
        };
    }

    private Decision ended(SagaState state, SagaInput input) {
        return switch (input) {
            case OperatorActed acted -> refused(state, acted);
            case Started started -> new Ignored(IgnoredBecause.ENDED);
            case Reply reply -> new Ignored(IgnoredBecause.ENDED);
            case DeadlinePassed passed -> new Ignored(IgnoredBecause.ENDED);
            case PollDue due -> new Ignored(IgnoredBecause.ENDED);
        };
    }

    // ---- what the statuses share

    private Decision retryForward(Draft draft, Transition transition) {
        draft.send(saga.row(draft.step));
        return draft.move(transition);
    }

    private Decision retryBackward(Draft draft, Transition transition) {
        draft.forgetFailure();
        return undoNext(draft).move(transition);
    }

    /** The same command with the same attempt; the halt after it, when one was asked for. */
    private Decision overdue(SagaState state, DeadlinePassed passed, Transition transition) {
        boolean timely = state.awaitsReply()
                && state.step() == passed.step()
                && state.current().attempt() == passed.attempt();
        if (!timely) {
            return new Ignored(IgnoredBecause.TIMER_OVERTAKEN);
        }
        Draft draft = new Draft(state, passed);
        draft.sendTheSameAgain(saga.row(state.step()));
        return draft.move(transition);
    }

    /** Empty when the reply answers what the saga waits for. */
    private static Optional<Ignored> ignored(SagaState state, StepReply reply) {
        boolean expected = state.awaitsReply()
                && reply.step() == state.step()
                && reply.attempt() == state.current().attempt();
        return expected ? Optional.empty() : Optional.of(unasked(state, reply));
    }

    private static Ignored unasked(SagaState state, StepReply reply) {
        boolean wasAsked = reply.attempt() <= state.steps().get(reply.step()).attempt();
        return new Ignored(wasAsked ? IgnoredBecause.DUPLICATE_OR_LATE : IgnoredBecause.UNEXPECTED);
    }

    private Refused refused(SagaState state, OperatorActed acted) {
        return new Refused(acted.action(), allowedActions(state));
    }

    private boolean pivotReached(SagaState state) {
        return saga.fromPivotOn().stream()
                .anyMatch(row -> state.steps().get(row.step()).status().touched());
    }

    private Draft goOn(Draft draft) {
        draft.send(nextWanted(draft));
        return draft;
    }

    /** The next step that the terms ask for; those before it are marked as skipped. The last step is always wanted. */
    private StepDefinition nextWanted(Draft draft) {
        MigrationTerms terms = draft.data.terms();
        for (StepDefinition row : saga.after(draft.step)) {
            boolean beyondDryRun = terms.dryRun()
                    && row.kind() != StepKind.READ_ONLY
                    && row.step() != saga.last().step();
            if (row.wanted().test(terms.options()) && !beyondDryRun) {
                return row;
            }
            draft.skip(row.step(), beyondDryRun ? "not part of a dry run" : "left out by an option");
        }
        throw new IllegalStateException("nothing follows " + draft.step);
    }

    private Draft compensate(Draft draft) {
        draft.direction = Direction.BACKWARD;
        return undoNext(draft);
    }

    /** Asks for the compensation of the last step that may have left something; after the first, cleans up. */
    private Draft undoNext(Draft draft) {
        Optional<StepDefinition> next = saga.compensatableInReverse().stream()
                .filter(row -> draft.steps.get(row.step()).status().touched())
                .findFirst();
        next.ifPresentOrElse(row -> draft.undo(row.step()), () -> draft.send(saga.last()));
        return draft;
    }
}
