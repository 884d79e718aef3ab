package io.vaultferry.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepCommand.ConfirmMembers;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepControl;
import io.vaultferry.contracts.StepMessage;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.orchestrator.saga.SagaDefinition.StepDefinition;
import io.vaultferry.orchestrator.saga.SagaInput.DeadlinePassed;
import io.vaultferry.orchestrator.saga.SagaInput.OperatorActed;
import io.vaultferry.orchestrator.saga.SagaInput.PollDue;
import io.vaultferry.orchestrator.saga.SagaInput.Reply;
import io.vaultferry.orchestrator.saga.SagaInput.Started;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** One migration in virtual time, with everything around it that can go wrong, all drawn from one seed. */
final class SimulatedWorld {

    private static final long DEADLINE = 120_000;
    private static final long LONGEST_JOB = 90_000;
    private static final long END_OF_TIME = 40_000_000;
    private static final FailureCode[] FAILURES = FailureCode.values();

    private record Happening(long at, long order, Runnable what) {}

    private record JobId(Step step, int attempt) {}

    /** What a participant keeps of a command: a redelivered command is answered from here. */
    private static final class Job {
        private final StepCommand command;
        private Optional<StepReply> stored = Optional.empty();
        private boolean halting;

        Job(StepCommand command) {
            this.command = command;
        }
    }

    private final Random random;
    private final double loss;
    private final double duplication;
    private final double failing;
    private final double meddling;
    private final boolean peopleNeverAccept;
    private final PriorityQueue<Happening> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Happening::at).thenComparingLong(Happening::order));
    private final Map<JobId, Job> jobs = new HashMap<>();
    private final Set<Step> everStarted = EnumSet.noneOf(Step.class);
    private final Set<Step> undone = EnumSet.noneOf(Step.class);
    private final List<Step> undoOrder = new ArrayList<>();
    private long now;
    private long order;
    private long timerGeneration;
    private SagaState state;

    SimulatedWorld(long seed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.loss = random.nextInt(4) == 0 ? 0 : random.nextDouble() * 0.4;
        this.duplication = random.nextDouble() * 0.5;
        this.failing = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.15;
        this.meddling = random.nextInt(3) == 0 ? 0 : random.nextDouble();
        this.peopleNeverAccept = random.nextInt(4) == 0;
        MigrationOptions options = new MigrationOptions(
                random.nextInt(4) > 0,
                random.nextInt(4) > 0,
                random.nextInt(4) > 0,
                random.nextInt(4) > 0,
                random.nextBoolean());
        this.state = SagaState.planned(
                Samples.ID,
                new MigrationTerms(random.nextBoolean(), random.nextInt(8) == 0, random.nextInt(3) == 0, options));
    }

    SagaStatus run() {
        input(new Started());
        if (meddling > 0) {
            meddleLater();
        }
        for (Happening next = agenda.poll(); next != null && next.at() < END_OF_TIME; next = agenda.poll()) {
            now = next.at();
            next.what().run();
        }
        return checkTheEnd();
    }

    // ---- the orchestrator

    private void input(SagaInput input) {
        SagaState before = state;
        switch (SagaScript.ENGINE.decide(state, input)) {
            case Decision.Move move -> {
                SagaInvariants.hold(before, move);
                state = move.next();
                move.messages().forEach(this::sendToParticipant);
                setTimer(move.timer());
                visitAtRest();
            }
            case Decision.Refused refused -> assertThat(input).isEqualTo(new OperatorActed(refused.action()));
            case Decision.Ignored ignored -> {}
        }
    }

    private void setTimer(Timer timer) {
        switch (timer) {
            case Timer.AwaitReply await ->
                wakeAfter(
                        DEADLINE,
                        new DeadlinePassed(state.step(), state.current().attempt()));
            case Timer.AwaitMembers await ->
                wakeAfter(
                        Math.min(300_000, 5_000L * await.round() * await.round()),
                        new PollDue(state.current().attempt()));
            case Timer.None none -> timerGeneration++;
            case Timer.Unchanged unchanged -> {}
        }
    }

    private void wakeAfter(long delay, SagaInput input) {
        long generation = ++timerGeneration;
        at(now + delay, () -> {
            // Now and then a timer fires although it was overtaken: two timer threads, one of them slow.
            if (generation == timerGeneration || random.nextInt(20) == 0) {
                input(input);
            }
        });
    }

    // ---- the network: at least once when asked often enough, in any order

    private void sendToParticipant(StepMessage message) {
        overTheNetwork(() -> participantReceives(message));
    }

    private void sendToOrchestrator(StepReply reply) {
        overTheNetwork(() -> input(new Reply(reply)));
    }

    private void overTheNetwork(Runnable delivery) {
        if (random.nextDouble() < loss) {
            return;
        }
        at(now + delay(), delivery);
        while (random.nextDouble() < duplication) {
            at(now + delay(), delivery);
        }
    }

    private long delay() {
        return random.nextInt(10) == 0 ? random.nextLong(300_000) : random.nextLong(200);
    }

    // ---- the participants

    private void participantReceives(StepMessage message) {
        JobId id = new JobId(message.step(), message.attempt());
        Job known = jobs.get(id);
        switch (message) {
            case StepControl control -> {
                if (known != null) {
                    known.stored.ifPresentOrElse(this::sendToOrchestrator, () -> known.halting = true);
                }
            }
            case StepCommand command -> {
                if (known == null) {
                    start(id, command);
                } else {
                    assertThat(known.command)
                            .as("the same attempt is the same command")
                            .isEqualTo(command);
                    known.stored.ifPresent(this::sendToOrchestrator);
                }
            }
            case StepReply reply -> throw new IllegalStateException("replies go to the orchestrator");
            case StepProgressed progressed -> throw new IllegalStateException("progress goes to the orchestrator");
        }
    }

    private void start(JobId id, StepCommand command) {
        assertThat(jobs.values().stream().filter(job -> job.stored.isEmpty()))
                .as("nobody else is at work when %s starts", command)
                .isEmpty();
        Job job = new Job(command);
        jobs.put(id, job);
        if (command instanceof UndoStep undo) {
            assertThat(undoOrder)
                    .as("compensation in reverse")
                    .allMatch(earlier -> earlier == undo.step()
                            || OrganizationMigration.TABLE.after(undo.step()).stream()
                                    .anyMatch(row -> row.step() == earlier));
            undoOrder.add(undo.step());
        } else {
            assertThat(undoOrder.isEmpty() || command.step() == Step.FINISH)
                    .as("nothing but the clean-up follows a compensation, and not " + command)
                    .isTrue();
            everStarted.add(command.step());
        }
        at(now + random.nextLong(LONGEST_JOB), () -> end(job));
    }

    private void end(Job job) {
        StepReply reply = answer(job);
        job.stored = Optional.of(reply);
        if (reply instanceof StepUndone done) {
            undone.add(done.step());
        }
        sendToOrchestrator(reply);
    }

    private StepReply answer(Job job) {
        Step step = job.command.step();
        int attempt = job.command.attempt();
        if (job.halting) {
            return new StepHalted(Samples.ID, step, attempt);
        }
        if (random.nextDouble() < failing) {
            return Samples.failed(step, attempt, FAILURES[random.nextInt(FAILURES.length)]);
        }
        if (job.command instanceof UndoStep) {
            return new StepUndone(Samples.ID, step, attempt, random.nextInt(3), 0);
        }
        if (job.command instanceof ConfirmMembers) {
            boolean allThere = !peopleNeverAccept && (attempt > 20 || random.nextInt(3) == 0);
            return Samples.confirmed(attempt, allThere ? 0 : 1 + random.nextInt(3));
        }
        if (step == Step.INSPECT_TARGET && random.nextInt(10) == 0) {
            return Samples.targetInspected(attempt, Samples.target(null, 2L, null));
        }
        if (step == Step.FINISH && random.nextInt(4) == 0) {
            return new MigrationFinished(Samples.ID, attempt, 2);
        }
        return Samples.completed(step, attempt);
    }

    // ---- the operator

    /** Does something at random, whether it is allowed or not. */
    private void meddleLater() {
        at(now + random.nextLong(400_000), () -> {
            OperatorAction[] actions = OperatorAction.values();
            input(new OperatorActed(actions[random.nextInt(actions.length)]));
            if (random.nextDouble() < meddling) {
                meddleLater();
            }
        });
    }

    /** Comes by after a while when the migration rests, and does one of the things that are possible; not for ever. */
    private void visitAtRest() {
        if (state.status() != SagaStatus.WAITING
                && state.status() != SagaStatus.STUCK
                && state.status() != SagaStatus.PAUSED) {
            return;
        }
        if (random.nextInt(12) == 0) {
            return;
        }
        at(now + random.nextLong(3_000_000), () -> {
            List<OperatorAction> allowed =
                    SagaScript.ENGINE.allowedActions(state).stream().sorted().toList();
            if (!allowed.isEmpty() && !state.awaitsReply()) {
                input(new OperatorActed(allowed.get(random.nextInt(allowed.size()))));
            }
        });
    }

    // ---- the end

    private SagaStatus checkTheEnd() {
        boolean waitsForPeople = state.waitingFor().isPresent();
        assertThat(state.status().ended()
                        || waitsForPeople
                        || state.status() == SagaStatus.STUCK
                        || state.status() == SagaStatus.PAUSED)
                .as("ended or waiting for a person, not %s at %s", state.status(), state.step())
                .isTrue();
        switch (state.status()) {
            case COMPLETED, COMPLETED_WITH_EXCEPTIONS -> {
                assertThat(undoOrder).isEmpty();
                for (StepDefinition row : OrganizationMigration.TABLE.rows()) {
                    boolean dryRun = state.data().terms().dryRun()
                            && row.kind() != StepKind.READ_ONLY
                            && row.step() != Step.FINISH;
                    boolean wanted = row.wanted().test(state.data().terms().options()) && !dryRun;
                    StepState step = state.steps().get(row.step());
                    assertThat(step.status()).isEqualTo(wanted ? StepStatus.DONE : StepStatus.SKIPPED);
                    assertThat(everStarted.contains(row.step())).isEqualTo(wanted);
                }
            }
            case COMPENSATED -> {
                assertThat(everStarted).doesNotContain(Step.INVITE_MEMBERS);
                for (StepDefinition row : OrganizationMigration.TABLE.rows()) {
                    if (row.kind() == StepKind.COMPENSATABLE) {
                        assertThat(undone.contains(row.step()))
                                .as(row.step() + " is undone")
                                .isEqualTo(everStarted.contains(row.step()));
                    }
                }
            }
            case PLANNED, RUNNING, PAUSED, WAITING, COMPENSATING, STUCK -> {}
        }
        return state.status();
    }

    private void at(long when, Runnable what) {
        agenda.add(new Happening(when, order++, what));
    }
}
