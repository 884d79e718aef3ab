package io.vaultferry.orchestrator.migration;

import io.quarkus.scheduler.Scheduled;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.custody.UnknownKeyException;
import io.vaultferry.orchestrator.persistence.ExceptionRepository;
import io.vaultferry.orchestrator.persistence.ExceptionRepository.Intake;
import io.vaultferry.orchestrator.persistence.ExceptionRepository.ObjectException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Reads from the documents of finished steps which objects did not arrive as they were, so that an operator sees them before the end.
 * Not part of the saga's transactions: a document may have as many lines as the organization has objects.
 */
@ApplicationScoped
class OutcomeIntake {

    private static final Logger LOG = Logger.getLogger(OutcomeIntake.class);
    private static final Duration WHILE_UNAVAILABLE = Duration.ofSeconds(30);

    private final Database database;
    private final ExceptionRepository exceptions;
    private final ClaimCheckStore store;
    private final MigrationKeys keys;

    OutcomeIntake(Database database, ExceptionRepository exceptions, ClaimCheckStore store, MigrationKeys keys) {
        this.database = database;
        this.exceptions = exceptions;
        this.store = store;
        this.keys = keys;
    }

    @Scheduled(
            every = "${vaultferry.saga.intake-interval:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void readDue() {
        boolean more = true;
        while (more) {
            try {
                more = database.inTransaction(this::readNext);
            } catch (RuntimeException e) {
                LOG.warnf("outcomes cannot be read: %s", e.getClass().getSimpleName());
                more = false;
            }
        }
    }

    /**
     * Reads all documents of a migration that have not been read, before they are discarded.
     *
     * @throws StagingUnavailableException when the store cannot be read now
     */
    void readAllOf(MigrationId migration) {
        database.inTransaction(() -> exceptions.lockAll(migration).forEach(this::read));
    }

    private boolean readNext() {
        Optional<Intake> due = exceptions.lockDue();
        due.ifPresent(intake -> {
            try {
                read(intake);
            } catch (StagingUnavailableException e) {
                LOG.warnf("migration %s: %s", intake.migration(), e.getMessage());
                exceptions.postpone(intake, WHILE_UNAVAILABLE);
            }
        });
        return due.isPresent();
    }

    private void read(Intake intake) {
        exceptions.clear(intake.migration(), intake.step());
        try (StagingKey key = keys.staging(intake.migration());
                OutcomeReader outcomes = OutcomeReader.open(store, key, intake.migration(), intake.document())) {
            while (outcomes.hasNext()) {
                ObjectOutcome outcome = outcomes.next();
                if (outcome.isException()) {
                    exceptions.add(intake.migration(), exceptionOf(intake, outcome));
                }
            }
        } catch (StagedDataDamagedException | UnknownKeyException e) {
            // VERIFY reads the same document and says so with a code; here there is nothing to wait for.
            LOG.warnf("migration %s, step %s: %s", intake.migration(), intake.step(), e.getMessage());
        }
        exceptions.done(intake);
    }

    private static ObjectException exceptionOf(Intake intake, ObjectOutcome outcome) {
        return new ObjectException(
                intake.step(),
                outcome.kind(),
                Optional.of(outcome.sourceId()),
                outcome.targetId(),
                outcome.outcome(),
                outcome.reason().orElseThrow());
    }
}
