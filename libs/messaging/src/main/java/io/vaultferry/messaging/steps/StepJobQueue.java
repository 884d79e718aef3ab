package io.vaultferry.messaging.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepControl.HaltStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.StepHalted;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepJobs;
import io.vaultferry.messaging.database.AfterCommit;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.Causation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Decides what a command, a halt and the end of a worker's turn mean for a job. Every decision is one transaction. */
@ApplicationScoped
class StepJobQueue implements StepJobs {

    private static final Logger LOG = Logger.getLogger(StepJobQueue.class);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final StepJobRepository jobs;
    private final Outbox outbox;
    private final MessageCodec codec;
    private final StepHandlers handlers;
    private final AfterCommit afterCommit;
    private final JobSignal signal;
    private final JobSettings settings;

    StepJobQueue(
            Database database,
            Outbox outbox,
            MessageCodec codec,
            StepHandlers handlers,
            AfterCommit afterCommit,
            JobSignal signal,
            JobSettings settings) {
        this.jobs = new StepJobRepository(database);
        this.outbox = outbox;
        this.codec = codec;
        this.handlers = handlers;
        this.afterCommit = afterCommit;
        this.signal = signal;
        this.settings = settings;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void enqueue(StepCommand command) {
        Optional<Causation> cause = Causation.current();
        request(
                command,
                cause.map(Causation::messageId).orElseGet(UUID::randomUUID),
                cause.flatMap(Causation::traceparent));
    }

    /** A command arrived. */
    @Transactional(Transactional.TxType.MANDATORY)
    void request(StepCommand command, UUID commandId, Optional<String> traceparent) {
        if (handlers.of(command).isEmpty()) {
            reply(new StepFailed(
                    command.migrationId(),
                    command.step(),
                    command.attempt(),
                    FailureCode.INTERNAL_ERROR,
                    "this service does not carry out " + MessageCodec.typeIdOf(command.getClass())));
            return;
        }
        JobKey key = JobKey.of(command);
        if (key.undo()) {
            haltForUndo(key);
        }
        String json = encode(command);
        if (jobs.insert(key, command.attempt(), json, commandId, traceparent)) {
            wakeAfterCommit();
            return;
        }
        StepJob job = jobs.lock(key).orElseThrow();
        if (command.attempt() > job.attempt()) {
            JobState next = switch (job.state()) {
                case READY, DONE -> JobState.READY;
                case RUNNING, HALTING, REPLACING -> JobState.REPLACING;
            };
            jobs.replace(job, next, command.attempt(), json, commandId, traceparent);
            wakeAfterCommit();
        } else if (command.attempt() == job.attempt() && job.state() == JobState.DONE) {
            // The orchestrator asks again because it saw no answer in time.
            job.reply().ifPresent(this::replyAgain);
        }
        // Otherwise it is an old attempt, or one that is being worked on.
    }

    private void haltForUndo(JobKey undo) {
        jobs.lock(new JobKey(undo.migrationId(), undo.step(), false)).ifPresent(job -> {
            switch (job.state()) {
                case READY -> jobs.answer(job.key(), encode(halted(job)));
                case RUNNING, REPLACING -> {
                    jobs.halt(job.key());
                    wakeAfterCommit();
                }
                case HALTING, DONE -> {}
            }
        });
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void halt(HaltStep halt) {
        List<StepJob> known = jobs.lockBoth(halt.migrationId(), halt.step());
        Optional<StepJob> unfinished = known.stream()
                .filter(job -> job.state() != JobState.DONE)
                .max(Comparator.comparing(job -> job.key().undo()));
        if (unfinished.isEmpty()) {
            known.reversed().stream()
                    .filter(job -> job.attempt() == halt.attempt())
                    .findFirst()
                    .flatMap(StepJob::reply)
                    .ifPresentOrElse(this::replyAgain, () -> reply(halted(halt)));
            return;
        }
        StepJob job = unfinished.get();
        if (job.attempt() > halt.attempt()) {
            LOG.debugf("an old halt of attempt %d is ignored", halt.attempt());
            return;
        }
        switch (job.state()) {
            case READY -> {
                tellHandlerOfHalt(job);
                jobs.answer(job.key(), encode(halted(halt)));
                reply(halted(halt));
            }
            case RUNNING, REPLACING -> {
                jobs.halt(job.key());
                wakeAfterCommit();
            }
            case HALTING, DONE -> {}
        }
    }

    /**
     * A worker's turn ended.
     *
     * @param claimed the job as the worker claimed it
     * @return false when the worker had lost the job, and nothing was changed
     */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean end(StepJob claimed, JobEnd end) {
        Optional<StepJob> locked = jobs.lock(claimed.key()).filter(row -> row.epoch() == claimed.epoch());
        if (locked.isEmpty()) {
            return false;
        }
        StepJob job = locked.get();
        switch (job.state()) {
            case RUNNING -> endRunning(job, end);
            case HALTING -> {
                // What was finished nevertheless is answered, unless it is the answer to an earlier attempt.
                if (end instanceof JobEnd.Answered answered && job.attempt() == claimed.attempt()) {
                    answer(job, answered.reply());
                } else {
                    tellHandlerOfHalt(job);
                    answer(job, halted(job));
                }
            }
            case REPLACING -> jobs.release(job.key(), Duration.ZERO);
            case READY, DONE -> LOG.debug("the end of this turn was committed already");
        }
        wakeAfterCommit();
        return true;
    }

    private void endRunning(StepJob job, JobEnd end) {
        switch (end) {
            case JobEnd.Answered(StepReply reply) -> answer(job, reply);
            case JobEnd.Stopped() -> jobs.release(job.key(), Duration.ZERO);
            case JobEnd.FailedForNow(StepFailure failure, boolean progressed) -> {
                Duration failing = jobs.countFailure(job.key(), progressed);
                if (failing.compareTo(settings.giveUpAfter()) >= 0) {
                    answer(job, failed(job, failure));
                } else {
                    jobs.release(job.key(), pause(progressed ? 0 : job.tries(), failure));
                }
            }
        }
    }

    private void tellHandlerOfHalt(StepJob job) {
        if (codec.decode(job.command().getBytes(UTF_8)) instanceof StepCommand command) {
            handlers.of(command).ifPresent(handler -> handler.halted(command));
        }
    }

    private void answer(StepJob job, StepReply reply) {
        jobs.answer(job.key(), encode(reply));
        reply(reply);
    }

    /** Doubles with every try; a quarter of it is random, so that many jobs do not come back at once. */
    private Duration pause(int tries, StepFailure failure) {
        long doubled = settings.firstPause().toMillis() << Math.min(tries, 20);
        long millis = Math.min(doubled, settings.longestPause().toMillis());
        Duration pause =
                Duration.ofMillis(millis * 3 / 4 + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        Duration capped = asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
        return capped.compareTo(pause) > 0 ? capped : pause;
    }

    private void reply(StepReply reply) {
        outbox.send(Topics.MIGRATION_EVENTS, reply.migrationId().toString(), reply);
    }

    private void replyAgain(String json) {
        Message stored = codec.decode(json.getBytes(UTF_8));
        outbox.send(Topics.MIGRATION_EVENTS, stored.migrationId().toString(), stored);
    }

    private String encode(Message message) {
        return new String(codec.encode(message), UTF_8);
    }

    private void wakeAfterCommit() {
        afterCommit.run(JobSignal.class, signal::wake);
    }

    static StepFailed failed(StepJob job, StepFailure failure) {
        return new StepFailed(
                job.key().migrationId(), job.key().step(), job.attempt(), failure.code(), failure.detail());
    }

    private static StepHalted halted(StepJob job) {
        return new StepHalted(job.key().migrationId(), job.key().step(), job.attempt());
    }

    private static StepHalted halted(HaltStep halt) {
        return new StepHalted(halt.migrationId(), halt.step(), halt.attempt());
    }
}
