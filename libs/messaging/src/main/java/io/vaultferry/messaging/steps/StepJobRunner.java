package io.vaultferry.messaging.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Message;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MessageCodec.UnreadableMessageException;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepProgressed;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.Outbox;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.Causation;
import io.vaultferry.messaging.steps.FailureDiagnosis.Diagnosis;
import io.vaultferry.messaging.trace.ScrubbedTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Works on step jobs: claims one, keeps its lease alive, lets the handler do the work, and ends the job in one
 * transaction with the answer. Any number of runners may share a database.
 */
final class StepJobRunner implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StepJobRunner.class);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(8);
    private static final int TRIES_TO_END = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Database database;
    private final StepJobRepository jobs;
    private final StepJobQueue queue;
    private final StepHandlers handlers;
    private final FailureDiagnosis diagnosis;
    private final MessageCodec codec;
    private final Outbox outbox;
    private final BooleanSupplier brokerReachable;
    private final JobSettings settings;
    private final MeterRegistry meters;

    private final Duration safe;
    private final Semaphore work = new Semaphore(0);
    private final Set<HeldJob> held = ConcurrentHashMap.newKeySet();
    private final List<Thread> workers = new ArrayList<>();
    private final List<Future<?>> rhythms = new ArrayList<>();
    private final ScheduledExecutorService heart = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("step-heartbeat-", 1).factory());
    private volatile boolean stopping;

    StepJobRunner(
            Database database,
            StepJobQueue queue,
            StepHandlers handlers,
            FailureDiagnosis diagnosis,
            MessageCodec codec,
            Outbox outbox,
            BooleanSupplier brokerReachable,
            JobSettings settings,
            MeterRegistry meters) {
        this.database = database;
        this.jobs = new StepJobRepository(database);
        this.queue = queue;
        this.handlers = handlers;
        this.diagnosis = diagnosis;
        this.codec = codec;
        this.outbox = outbox;
        this.brokerReachable = brokerReachable;
        this.settings = settings;
        this.meters = meters;
        this.safe = settings.lease().minus(settings.margin());
        if (safe.compareTo(settings.heartbeat()) <= 0) {
            throw new IllegalArgumentException("vaultferry.jobs: lease minus margin has to be longer than heartbeat");
        }
    }

    void start() {
        for (int i = 1; i <= settings.workers(); i++) {
            workers.add(Thread.ofPlatform().daemon().name("step-worker-" + i).start(this::work));
        }
        rhythms.add(heart.scheduleWithFixedDelay(
                this::beat,
                settings.heartbeat().toMillis(),
                settings.heartbeat().toMillis(),
                TimeUnit.MILLISECONDS));
        rhythms.add(heart.scheduleWithFixedDelay(
                this::sendProgress, PROGRESS_EVERY.toMillis(), PROGRESS_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Says that a job was inserted, ended or asked to stop. Cheap, callable from anywhere. */
    void wake() {
        if (work.availablePermits() < settings.workers()) {
            work.release();
        }
        if (!held.isEmpty()) {
            try {
                heart.execute(this::beat);
            } catch (RejectedExecutionException e) {
                LOG.debug("shutting down; the jobs are being stopped anyway");
            }
        }
    }

    /** False once a thread has died of an error that it could not handle. */
    boolean alive() {
        return stopping
                || (workers.stream().allMatch(Thread::isAlive)
                        && rhythms.stream().noneMatch(Future::isDone));
    }

    /** Stops all jobs at their next checkpoint and leaves them to the next worker, here or elsewhere. */
    @Override
    public void close() {
        stopping = true;
        held.forEach(job -> job.stop("shutting down"));
        work.release(settings.workers());
        try {
            long deadline = System.nanoTime() + TIME_TO_STOP.toNanos();
            for (Thread worker : workers) {
                worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        heart.shutdownNow();
    }

    private void work() {
        while (!stopping) {
            long requestedAt = System.nanoTime();
            Optional<StepJob> claimed = claim();
            if (claimed.isPresent()) {
                HeldJob job = new HeldJob(claimed.get(), jobs, requestedAt, safe);
                run(job);
            } else {
                pause(settings.poll());
            }
        }
    }

    private Optional<StepJob> claim() {
        try {
            return database.inTransaction(() -> jobs.claim(settings.lease()));
        } catch (RuntimeException e) {
            LOG.warnf("No job can be claimed: %s", ScrubbedTrace.of(e));
            return Optional.empty();
        }
    }

    private void run(HeldJob held) {
        StepJob job = held.job();
        MDC.put("migration", job.key().migrationId().toString());
        MDC.put("step", job.key().step().name());
        this.held.add(held);
        if (stopping) {
            held.stop("shutting down");
        }
        try {
            new Causation(job.commandId(), job.traceparent()).run(() -> turnAndEnd(held));
        } finally {
            this.held.remove(held);
            MDC.remove("migration");
            MDC.remove("step");
        }
    }

    private void turnAndEnd(HeldJob held) {
        StepJob job = held.job();
        long began = System.nanoTime();
        LOG.infof("Attempt %d%s begins", job.attempt(), job.key().undo() ? " to undo" : "");
        JobEnd end = turn(held);
        end(held, end);
        LOG.infof("Attempt %d ends: %s", job.attempt(), nameOf(end));
        meters.timer("vaultferry.step.turns", "step", job.key().step().name(), "outcome", nameOf(end))
                .record(Duration.ofNanos(System.nanoTime() - began));
    }

    /** Everything between claiming a job and ending it. Errors of the virtual machine pass and end this worker. */
    private JobEnd turn(HeldJob held) {
        StepJob job = held.job();
        if (job.state() == JobState.HALTING) {
            return new JobEnd.Stopped();
        }
        if (job.takeovers() > settings.mostTakeovers()) {
            return failed(job, "the worker died " + job.takeovers() + " times");
        }
        try {
            return handle(held, (StepCommand) codec.decode(job.command().getBytes(UTF_8)));
        } catch (UnreadableMessageException e) {
            return failed(job, "the stored command is not readable");
        }
    }

    private <C extends StepCommand> JobEnd handle(HeldJob held, C command) {
        Optional<StepHandler<C>> handler = handlers.of(command);
        if (handler.isEmpty()) {
            return failed(held.job(), "this service does not carry out " + MessageCodec.typeIdOf(command.getClass()));
        }
        try {
            StepReply reply = handler.get().handle(command, held);
            boolean answersThis = reply != null
                    && reply.migrationId().equals(command.migrationId())
                    && reply.step() == command.step()
                    && reply.attempt() == command.attempt();
            return answersThis ? new JobEnd.Answered(reply) : failed(held.job(), "the answer is not for this command");
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable thrown) {
            if (FailureDiagnosis.isStop(thrown)) {
                return new JobEnd.Stopped();
            }
            Diagnosis found = diagnosis.of(thrown);
            StepFailure failure = found.failure();
            if (found.expected()) {
                LOG.infof("%s: %s", failure.code(), failure.detail());
            } else {
                LOG.errorf("A defect: %s", ScrubbedTrace.of(thrown));
            }
            return found.passes()
                    ? new JobEnd.FailedForNow(failure, held.progressed())
                    : new JobEnd.Answered(StepJobQueue.failed(held.job(), failure));
        }
    }

    /** Commits the end of a turn. An outage of the database only delays it: the work is done. */
    private void end(HeldJob held, JobEnd end) {
        // What was not sent yet goes before the answer: a step that is done has done all of it.
        Optional<StepProgressed> progress = held.takeProgress();
        for (int tries = 1; ; ) {
            try {
                boolean ended = database.inTransaction(() -> {
                    progress.ifPresent(this::send);
                    return queue.end(held.job(), end);
                });
                if (!ended) {
                    LOG.info("Another worker has taken the job over");
                }
                return;
            } catch (RuntimeException e) {
                LOG.warnf("The end of a turn cannot be stored: %s", ScrubbedTrace.of(e));
                // Left alone, the lease ends and the step is worked on once more.
                if (stopping || (database.answers() && tries++ == TRIES_TO_END)) {
                    return;
                }
                pause(PAUSE);
            }
        }
    }

    private void beat() {
        for (HeldJob job : held) {
            long requestedAt = System.nanoTime();
            try {
                Optional<JobState> state = jobs.renew(job.job().key(), job.job().epoch(), settings.lease());
                if (state.isEmpty()) {
                    job.stop("another worker has the job");
                    continue;
                }
                job.renewed(requestedAt, safe);
                if (state.get() != JobState.RUNNING) {
                    job.stop("asked to halt");
                }
            } catch (RuntimeException e) {
                LOG.warnf("A lease cannot be renewed: %s", e.getClass().getSimpleName());
            }
        }
    }

    /**
     * Progress goes through the outbox as everything else does: it keeps its place before the step's answer. While the
     * broker cannot be reached it is dropped, so that it does not pile up.
     */
    private void sendProgress() {
        for (HeldJob job : held) {
            Optional<StepProgressed> progress = job.takeProgress().filter(any -> brokerReachable.getAsBoolean());
            try {
                progress.ifPresent(message -> database.inTransaction(() -> send(message)));
            } catch (RuntimeException e) {
                LOG.debugf("progress is not sent: %s", e.getClass().getSimpleName());
            }
        }
    }

    private void send(StepProgressed progress) {
        outbox.send(Topics.MIGRATION_EVENTS, progress.migrationId().toString(), progress);
    }

    private void pause(Duration duration) {
        try {
            boolean woken = work.tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS);
            LOG.tracef("woken: %s", woken);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private static JobEnd failed(StepJob job, String detail) {
        return new JobEnd.Answered(StepJobQueue.failed(job, new StepFailure(FailureCode.INTERNAL_ERROR, detail)));
    }

    private static String nameOf(JobEnd end) {
        return switch (end) {
            case JobEnd.Answered(StepReply reply) -> MessageCodec.typeIdOf(((Message) reply).getClass());
            case JobEnd.Stopped() -> "stopped";
            case JobEnd.FailedForNow(StepFailure failure, boolean progressed) ->
                failure.code().name();
        };
    }
}
