package io.vaultferry.attachment.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vaultferry.attachment.domain.FileOutcome;
import io.vaultferry.attachment.domain.FileTransfer;
import io.vaultferry.attachment.domain.SpoolSpace;
import io.vaultferry.attachment.messaging.Slots.Kind;
import io.vaultferry.attachment.pace.SharedPaces;
import io.vaultferry.attachment.persistence.OpenUnit;
import io.vaultferry.attachment.persistence.SealedFile;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.WriteJournals;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Works on units: claims one, moves its files, and gives it back. Whatever happens, the record that announced the unit is
 * done with afterwards: a unit that is not finished is announced again by its step. Only what a shutdown interrupts is not.
 *
 * <p>Who has a free place and hears of no unit takes one that others have heard of and not begun. So no instance is idle while
 * another one has too much, however the records lie in the partitions.
 */
@ApplicationScoped
class UnitTransfers {

    private static final Logger LOG = Logger.getLogger(UnitTransfers.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;
    private static final int MOST_FAILURES_IN_A_ROW = 3;
    private static final int MOST_REFUSALS_IN_A_ROW = 20;
    private static final Duration LOOK_AROUND_EVERY = Duration.ofMillis(500);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(6);

    private final TransferRepository transfers;
    private final ManifestFileSeal seal;
    private final Grants grants;
    private final WriteJournals journals;
    private final Instance<FailureClassifier> classifiers;
    private final TransferSettings settings;
    private final SpoolSpace spools;
    private final SharedPaces paces;
    private final Slots slots;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService heartbeats;
    private final ScheduledExecutorService lookout;
    private final ExecutorService helpers;
    private final Counter filesMoved;
    private final Counter bytesMoved;
    private volatile boolean stopping;

    /** A unit in work, and who works on it. */
    private record Held(UnitLease lease, Thread worker) {}

    UnitTransfers(
            TransferRepository transfers,
            ManifestFileSeal seal,
            Grants grants,
            WriteJournals journals,
            Instance<FailureClassifier> classifiers,
            SharedPaces paces,
            TransferSettings settings,
            MeterRegistry meters) {
        this.transfers = transfers;
        this.seal = seal;
        this.grants = grants;
        this.journals = journals;
        this.classifiers = classifiers;
        this.settings = settings;
        this.spools = new SpoolSpace(settings.spoolDirectory(), settings.spoolQuota());
        this.paces = paces;
        this.slots = new Slots(
                settings.concurrency(), settings.largeConcurrency().orElse(Math.max(1, settings.concurrency() / 2)));
        this.heartbeats = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().name("unit-heartbeat").daemon().factory());
        this.lookout = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().name("unit-lookout").daemon().factory());
        this.helpers = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("unit-helper-", 1).daemon().factory());
        this.filesMoved = Counter.builder("vaultferry.files.moved").register(meters);
        this.bytesMoved = Counter.builder("vaultferry.file.bytes.moved").register(meters);
        Gauge.builder("vaultferry.units.working", slots, Slots::taken).register(meters);
    }

    void start(@Observes StartupEvent event) {
        var unused = lookout.scheduleWithFixedDelay(
                this::help, LOOK_AROUND_EVERY.toMillis(), LOOK_AROUND_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Gives back what is not finished, at once and however large it is; uploads are broken off before their end. Comes before
     * the consumers and the database are closed.
     */
    void stop(@Observes @Priority(2) ShutdownEvent event) {
        stopping = true;
        slots.close();
        lookout.shutdownNow();
        held.forEach(unit -> {
            unit.lease().giveUp();
            unit.worker().interrupt();
        });
        long deadline = System.nanoTime() + TIME_TO_STOP.toNanos();
        while (!held.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        helpers.shutdownNow();
        heartbeats.shutdownNow();
    }

    /**
     * Works on a unit that was announced, unless it is done or somebody else's.
     *
     * @throws IllegalStateException when this process shuts down: the announcement still counts
     */
    void work(TransferUnit announced) throws InterruptedException {
        Kind kind = announced.bytes() >= settings.largeFile() ? Kind.LARGE : Kind.SMALL;
        slots.acquire(kind);
        try {
            long requestedAt = System.nanoTime();
            transfers.claim(announced.unitId(), settings.lease()).ifPresent(unit -> work(unit, requestedAt));
        } finally {
            slots.release(kind);
        }
        if (stopping) {
            throw new IllegalStateException("shutting down");
        }
    }

    /** Begins units that nobody else has begun, while there are places that nobody waits for. */
    private void help() {
        try {
            boolean more = true;
            while (more) {
                boolean large = help(Kind.LARGE, settings.largeFile(), Long.MAX_VALUE);
                boolean small = help(Kind.SMALL, 0, settings.largeFile());
                more = large || small;
            }
        } catch (RuntimeException e) {
            LOG.debugf("no unit can be looked for now: %s", e.getClass().getSimpleName());
        }
    }

    private boolean help(Kind kind, long fromBytes, long belowBytes) {
        if (!slots.tryAcquire(kind)) {
            return false;
        }
        boolean begun = false;
        try {
            long requestedAt = System.nanoTime();
            Optional<OpenUnit> unit = transfers.claimAny(fromBytes, belowBytes, settings.helpAfter(), settings.lease());
            if (unit.isPresent()) {
                helpers.execute(() -> help(unit.get(), kind, requestedAt));
                begun = true;
            }
            return begun;
        } finally {
            if (!begun) {
                slots.release(kind);
            }
        }
    }

    private void help(OpenUnit unit, Kind kind, long requestedAt) {
        try {
            work(unit, requestedAt);
        } finally {
            slots.release(kind);
        }
        if (!stopping) {
            lookout.execute(this::help);
        }
    }

    private void work(OpenUnit unit, long requestedAt) {
        UnitLease lease = new UnitLease(unit, transfers, settings, requestedAt);
        ScheduledFuture<?> heartbeat = heartbeats.scheduleWithFixedDelay(
                () -> renew(lease),
                settings.heartbeat().toMillis(),
                settings.heartbeat().toMillis(),
                TimeUnit.MILLISECONDS);
        ScheduledFuture<?> reports = heartbeats.scheduleWithFixedDelay(
                () -> report(lease),
                settings.report().toMillis(),
                settings.report().toMillis(),
                TimeUnit.MILLISECONDS);
        Held holding = new Held(lease, Thread.currentThread());
        held.add(holding);
        if (stopping) {
            lease.giveUp();
        }
        MDC.put("migration", unit.migrationId());
        MDC.put("step", "TRANSFER_ATTACHMENTS");
        MDC.put("unit", unit.unitId());
        try {
            moveFiles(unit, lease);
            transfers.finishUnit(unit);
        } catch (StepStoppedException e) {
            LOG.debugf("stopped: %s", e.getMessage());
            giveBack(unit);
        } catch (RuntimeException | IOException e) {
            if (stopping) {
                giveBack(unit);
            } else {
                postpone(unit, e);
            }
        } finally {
            heartbeat.cancel(false);
            reports.cancel(false);
            held.remove(holding);
            MDC.remove("migration");
            MDC.remove("step");
            MDC.remove("unit");
        }
    }

    private void giveBack(OpenUnit unit) {
        // Who was interrupted gets no connection to the database.
        boolean interrupted = Thread.interrupted();
        try {
            transfers.release(unit);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void renew(UnitLease lease) {
        try {
            lease.renew();
        } catch (RuntimeException e) {
            // The database does not answer. The lease ends by the clock when it stays so, and the next beat tries
            // again.
            LOG.debug("a lease could not be renewed");
        }
    }

    private static void report(UnitLease lease) {
        try {
            lease.report();
        } catch (RuntimeException e) {
            // Nothing depends on it, and the next report says the same and more.
            LOG.debug("the progress of a file could not be noted");
        }
    }

    /**
     * Moves what it can. A file that fails does not hold up the others of its unit, unless several fail one after the other:
     * then it is the server that fails. Throws what the last one failed with, so that the unit comes again.
     */
    private void moveFiles(OpenUnit unit, UnitLease lease) throws IOException {
        try (MigrationSession source = paces.paced(grants.open(unit.migrationId(), Side.SOURCE), lease);
                MigrationSession target = paces.paced(grants.open(unit.migrationId(), Side.TARGET), lease)) {
            FileTransfer transfer = new FileTransfer(source, target, journals, spools, lease);
            List<SealedFile> files = new ArrayList<>(transfers.openFiles(unit));
            if (transfers.tries(unit) > 0) {
                // Files that fail again and again must not always be the first ones.
                Collections.shuffle(files);
            }
            Optional<FileFailure> latest = Optional.empty();
            int failuresInARow = 0;
            for (SealedFile file : files) {
                lease.checkpoint();
                lease.begin(file.sourceAttachment());
                try {
                    moveInTurn(unit, file, transfer, target);
                    failuresInARow = 0;
                } catch (StepStoppedException e) {
                    throw e;
                } catch (RuntimeException | IOException e) {
                    latest = Optional.of(new FileFailure(e));
                    failuresInARow++;
                    if (stopping || failuresInARow == MOST_FAILURES_IN_A_ROW || isAboutTheServer(classify(e))) {
                        break;
                    }
                }
            }
            if (latest.isPresent()) {
                latest.get().rethrow();
            }
        }
    }

    /** A request that came too early was not carried out: the same file goes on when it is its turn again. */
    private void moveInTurn(OpenUnit unit, SealedFile file, FileTransfer transfer, MigrationSession target)
            throws IOException {
        for (int refusals = 1; ; refusals++) {
            try {
                move(unit, file, transfer, target);
                return;
            } catch (RateLimitedException e) {
                if (refusals == MOST_REFUSALS_IN_A_ROW) {
                    throw e;
                }
            }
        }
    }

    private void move(OpenUnit unit, SealedFile file, FileTransfer transfer, MigrationSession target)
            throws IOException {
        ManifestFile opened = seal.open(file, target);
        FileOutcome outcome = transfer.move(opened);
        if (!transfers.finishFile(unit, file.sourceAttachment(), outcome)) {
            throw new StepStoppedException("another worker has the unit");
        }
        if (outcome.outcome() == Outcome.MOVED) {
            filesMoved.increment();
            bytesMoved.increment((double) opened.size());
        }
    }

    /** Whether it makes no sense to try another file right now. */
    private static boolean isAboutTheServer(StepFailure failure) {
        return switch (failure.code()) {
            case SERVER_UNREACHABLE,
                    SERVER_ERROR,
                    OUTCOME_UNSETTLED,
                    ORGANIZATION_NOT_FOUND,
                    UNSUPPORTED_ENCRYPTION,
                    KEY_MISMATCH,
                    REQUEST_REFUSED,
                    PROTOCOL_VIOLATION,
                    FORBIDDEN_TARGET,
                    RIGHTS_MISSING,
                    STAGED_DATA_DAMAGED,
                    INTERNAL_ERROR -> false;
            case RATE_LIMITED,
                    CREDENTIALS_REJECTED,
                    SEAT_LIMIT_REACHED,
                    STORAGE_LIMIT_REACHED,
                    COLLECTION_LIMIT_REACHED,
                    STAGING_UNAVAILABLE,
                    GRANT_REFUSED,
                    ORCHESTRATOR_UNREACHABLE,
                    CREATION_REFUSED -> true;
        };
    }

    /** Why a file could not be moved now. */
    private record FileFailure(Exception cause) {

        void rethrow() throws IOException {
            switch (cause) {
                case RuntimeException unchecked -> throw unchecked;
                case IOException io -> throw io;
                default -> throw new IllegalStateException("a file failed", cause);
            }
        }
    }

    private void postpone(OpenUnit unit, Exception thrown) {
        StepFailure failure = classify(thrown);
        Duration pause = failure.retryAfter()
                .orElseGet(() -> FIRST_PAUSE.multipliedBy(1L << Math.min(MOST_DOUBLINGS, transfers.tries(unit))));
        LOG.infof("a unit has to be tried again: %s, %s", failure.code(), failure.detail());
        if (failure.code() == FailureCode.RATE_LIMITED) {
            // Waiting for one's turn is no failure, however often.
            transfers.defer(unit, failure.retryAfter().orElse(FIRST_PAUSE));
            return;
        }
        transfers.postpone(unit, failure.code(), failure.detail(), pause);
    }

    private StepFailure classify(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof StepFailureException failure) {
                return failure.failure();
            }
            for (FailureClassifier classifier : classifiers) {
                Optional<StepFailure> known = classifier.classify(cause);
                if (known.isPresent()) {
                    return known.get();
                }
            }
            if (cause instanceof IOException) {
                return new StepFailure(
                        FailureCode.SERVER_UNREACHABLE,
                        "a file's bytes stopped coming: " + cause.getClass().getSimpleName());
            }
        }
        return new StepFailure(FailureCode.INTERNAL_ERROR, thrown.getClass().getSimpleName());
    }
}
