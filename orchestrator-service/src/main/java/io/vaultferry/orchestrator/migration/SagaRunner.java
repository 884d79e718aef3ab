package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepMessage;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.StepJobs;
import io.vaultferry.messaging.database.AfterCommit;
import io.vaultferry.orchestrator.persistence.ExceptionRepository;
import io.vaultferry.orchestrator.persistence.ExceptionRepository.Intake;
import io.vaultferry.orchestrator.persistence.HistoryRepository;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.MigrationRow;
import io.vaultferry.orchestrator.persistence.StoredTimer;
import io.vaultferry.orchestrator.saga.Decision;
import io.vaultferry.orchestrator.saga.OperatorAction;
import io.vaultferry.orchestrator.saga.OrganizationMigration;
import io.vaultferry.orchestrator.saga.SagaEngine;
import io.vaultferry.orchestrator.saga.SagaInput;
import io.vaultferry.orchestrator.saga.SagaState;
import io.vaultferry.orchestrator.saga.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The shell around the pure saga: loads the state, lets the engine decide, and stores state, history, timer and messages
 * in the one transaction of the caller.
 */
@ApplicationScoped
public class SagaRunner {

    private static final Logger LOG = Logger.getLogger(SagaRunner.class);

    private final SagaEngine engine = new SagaEngine(OrganizationMigration.TABLE);
    private final MigrationRepository migrations;
    private final HistoryRepository history;
    private final ExceptionRepository exceptions;
    private final Outbox outbox;
    private final StepJobs ownSteps;
    private final AfterCommit afterCommit;
    private final SagaSettings settings;
    private final SagaMetrics metrics;
    private final MigrationNews news;

    SagaRunner(
            MigrationRepository migrations,
            HistoryRepository history,
            ExceptionRepository exceptions,
            Outbox outbox,
            StepJobs ownSteps,
            AfterCommit afterCommit,
            SagaSettings settings,
            SagaMetrics metrics,
            MigrationNews news) {
        this.migrations = migrations;
        this.history = history;
        this.exceptions = exceptions;
        this.outbox = outbox;
        this.ownSteps = ownSteps;
        this.afterCommit = afterCommit;
        this.settings = settings;
        this.metrics = metrics;
        this.news = news;
    }

    /**
     * Lets an input have its effect.
     *
     * @return what was decided; empty when there is no such migration
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Decision> apply(MigrationId migration, SagaInput input) {
        return migrations.lock(migration).map(row -> apply(row, input));
    }

    /** Locks the migration with the most overdue timer that nobody else works on. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<MigrationId> nextDue() {
        return migrations.lockDue().map(row -> row.saga().id());
    }

    /** Lets the timer of a migration fire. */
    @Transactional(Transactional.TxType.MANDATORY)
    void applyTimer(MigrationId migration) {
        MigrationRow row = migrations.lock(migration).orElseThrow();
        Decision decision = apply(row, row.timer().orElseThrow().toInput());
        if (!(decision instanceof Decision.Move)) {
            migrations.clearTimer(migration);
        }
    }

    /** A participant said how far it is. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void apply(StepProgressed progress) {
        if (migrations.progress(progress, settings.stepDeadline())) {
            afterCommit.run(new Object(), () -> news.about(progress.migrationId()));
        }
    }

    /** What an operator may do now. */
    public Set<OperatorAction> allowedActions(SagaState state) {
        return engine.allowedActions(state);
    }

    private Decision apply(MigrationRow row, SagaInput input) {
        Decision decision = engine.decide(row.saga(), input);
        switch (decision) {
            case Decision.Move move -> store(row, input, move);
            case Decision.Ignored ignored -> {
                LOG.debugf("%s is ignored: %s", input.label(), ignored.reason());
                afterCommit.run(new Object(), () -> metrics.ignored(ignored.reason()));
            }
            case Decision.Refused refused -> LOG.debugf("%s is refused", input.label());
        }
        return decision;
    }

    private void store(MigrationRow row, SagaInput input, Decision.Move move) {
        SagaState next = move.next();
        migrations.save(row, next);
        move.history().forEach(entry -> history.append(next.id(), entry));
        move.messages().forEach(this::send);
        setTimer(next, move.timer());
        if (input instanceof SagaInput.Reply reply && reply.reply() instanceof Completed completed) {
            completed
                    .outcomeDocument()
                    .ifPresent(document ->
                            exceptions.request(new Intake(next.id(), completed.step(), completed.attempt(), document)));
        }
        LOG.infof("migration %s: %s, now %s at %s", next.id(), move.transition(), next.status(), next.step());
        afterCommit.run(new Object(), () -> {
            metrics.moved(row, move);
            news.about(next.id());
        });
    }

    private void send(StepMessage message) {
        Participant participant = message.step().participant();
        if (participant != Participant.ORCHESTRATOR) {
            outbox.send(Topics.commandsOf(participant), message.migrationId().toString(), message);
            return;
        }
        switch (message) {
            case StepCommand command -> ownSteps.enqueue(command);
            case HaltStep halt -> ownSteps.halt(halt);
            case StepReply reply -> throw new IllegalArgumentException("the saga asks, it does not answer");
            case StepProgressed progress -> throw new IllegalArgumentException("the saga asks, it does not report");
        }
    }

    private void setTimer(SagaState next, Timer timer) {
        switch (timer) {
            case Timer.AwaitReply await -> setTimer(next, StoredTimer.Kind.REPLY, settings.stepDeadline());
            case Timer.AwaitMembers await -> setTimer(next, StoredTimer.Kind.MEMBERS, pause(await.round()));
            case Timer.None none -> migrations.clearTimer(next.id());
            case Timer.Unchanged unchanged -> {}
        }
    }

    private void setTimer(SagaState next, StoredTimer.Kind kind, Duration delay) {
        migrations.setTimer(
                next.id(), new StoredTimer(kind, next.step(), next.current().attempt()), delay);
    }

    private Duration pause(int round) {
        List<Duration> pauses = settings.memberPolls();
        return pauses.get(Math.min(Math.max(round, 1), pauses.size()) - 1);
    }
}
