package io.vaultferry.attachment.messaging;

import io.vaultferry.attachment.domain.FileOutcome;
import io.vaultferry.attachment.domain.FileTransfer;
import io.vaultferry.attachment.domain.SpoolSpace;
import io.vaultferry.attachment.persistence.OpenUnit;
import io.vaultferry.attachment.persistence.SealedFile;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.TransferUnit;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.journal.WriteJournals;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Works on units: claims one, moves its files, and gives it back. Whatever happens, the record that announced the unit is
 * done with afterwards: a unit that is not finished is announced again by its step.
 */
@ApplicationScoped
class UnitTransfers {

    private static final Logger LOG = Logger.getLogger(UnitTransfers.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final TransferRepository transfers;
    private final ManifestFileSeal seal;
    private final Grants grants;
    private final WriteJournals journals;
    private final Instance<FailureClassifier> classifiers;
    private final TransferSettings settings;
    private final Semaphore slots;
    private final SpoolSpace spools;
    private final ScheduledExecutorService heartbeats;

    UnitTransfers(
            TransferRepository transfers,
            ManifestFileSeal seal,
            Grants grants,
            WriteJournals journals,
            Instance<FailureClassifier> classifiers,
            TransferSettings settings) {
        this.transfers = transfers;
        this.seal = seal;
        this.grants = grants;
        this.journals = journals;
        this.classifiers = classifiers;
        this.settings = settings;
        this.slots = new Semaphore(settings.concurrency());
        this.spools = new SpoolSpace(settings.spoolDirectory(), settings.spoolQuota());
        this.heartbeats = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().name("unit-heartbeat").daemon().factory());
    }

    @PreDestroy
    void stop() {
        heartbeats.shutdownNow();
    }

    void work(TransferUnit announced) throws InterruptedException {
        slots.acquire();
        try {
            long requestedAt = System.nanoTime();
            Optional<OpenUnit> claimed = transfers.claim(announced.unitId(), settings.lease());
            if (claimed.isPresent()) {
                work(claimed.get(), requestedAt);
            }
        } finally {
            slots.release();
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
        MDC.put("migration", unit.migrationId());
        MDC.put("step", "TRANSFER_ATTACHMENTS");
        MDC.put("unit", unit.unitId());
        try {
            moveFiles(unit, lease);
            transfers.finishUnit(unit);
        } catch (StepStoppedException e) {
            LOG.debugf("stopped: %s", e.getMessage());
            transfers.release(unit);
        } catch (RuntimeException | IOException e) {
            postpone(unit, e);
        } finally {
            heartbeat.cancel(false);
            reports.cancel(false);
            MDC.remove("migration");
            MDC.remove("step");
            MDC.remove("unit");
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
        try (MigrationSession source = grants.open(unit.migrationId(), Side.SOURCE);
                MigrationSession target = grants.open(unit.migrationId(), Side.TARGET)) {
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
                    move(unit, file, transfer, target);
                    failuresInARow = 0;
                } catch (StepStoppedException e) {
                    throw e;
                } catch (RuntimeException | IOException e) {
                    latest = Optional.of(new FileFailure(e));
                    failuresInARow++;
                    if (failuresInARow == MOST_FAILURES_IN_A_ROW || isAboutTheServer(classify(e))) {
                        break;
                    }
                }
            }
            if (latest.isPresent()) {
                latest.get().rethrow();
            }
        }
    }

    private void move(OpenUnit unit, SealedFile file, FileTransfer transfer, MigrationSession target)
            throws IOException {
        FileOutcome outcome = transfer.move(seal.open(file, target));
        if (!transfers.finishFile(unit, file.sourceAttachment(), outcome)) {
            throw new StepStoppedException("another worker has the unit");
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
