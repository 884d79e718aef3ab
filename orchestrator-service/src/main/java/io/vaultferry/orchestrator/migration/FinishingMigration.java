package io.vaultferry.orchestrator.migration;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.ReconciliationReader;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.FinishMigration;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.persistence.ExceptionRepository;
import io.vaultferry.orchestrator.persistence.ExceptionRepository.ObjectException;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.ReportRepository;
import io.vaultferry.orchestrator.persistence.ReportRepository.Summary;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The orchestrator's own step: keeps what the report needs, then destroys the keys and discards what was staged.
 *
 * <p>The keys go before the documents. Whenever this is interrupted, either the keys are there and with them every
 * document, or the report is complete and only removing is left.
 */
@ApplicationScoped
class FinishingMigration implements StepHandler<FinishMigration> {

    /** Reasons that nobody has to look at: an operator asked for it, or it is how every migration ends. */
    private static final Set<ReasonCode> EXPECTED =
            EnumSet.of(ReasonCode.LEFT_OUT_BY_OPTION, ReasonCode.MIGRATION_ACCOUNT);

    private final ReportRepository reports;
    private final ExceptionRepository exceptions;
    private final MigrationRepository migrations;
    private final OutcomeIntake intake;
    private final ClaimCheckStore store;
    private final MigrationKeys keys;
    private final Database database;

    FinishingMigration(
            ReportRepository reports,
            ExceptionRepository exceptions,
            MigrationRepository migrations,
            OutcomeIntake intake,
            ClaimCheckStore store,
            MigrationKeys keys,
            Database database) {
        this.reports = reports;
        this.exceptions = exceptions;
        this.migrations = migrations;
        this.intake = intake;
        this.store = store;
        this.keys = keys;
        this.database = database;
    }

    @Override
    public Class<FinishMigration> commandType() {
        return FinishMigration.class;
    }

    @Override
    public StepReply handle(FinishMigration command, StepContext context) {
        MigrationId migration = command.migrationId();
        if (keys.exist(migration)) {
            intake.readAllOf(migration);
            if (command.reconciliation() != null) {
                keep(migration, command.reconciliation());
            }
            keys.destroy(migration);
        }
        store.discard(migration);
        migrations.forgetNewOrganization(migration);
        return new MigrationFinished(migration, command.attempt(), exceptionsOf(migration));
    }

    private void keep(MigrationId migration, ClaimCheck reconciliation) {
        try (StagingKey key = keys.staging(migration)) {
            try (ReconciliationReader lines = ReconciliationReader.open(store, key, migration, reconciliation)) {
                reports.replace(migration, lines);
            }
            try (ReconciliationReader lines = ReconciliationReader.open(store, key, migration, reconciliation)) {
                database.inTransaction(() -> {
                    exceptions.clear(migration, Step.VERIFY);
                    lines.forEachRemaining(line -> differenceOf(line).ifPresent(it -> exceptions.add(migration, it)));
                });
            }
        }
    }

    private static Optional<ObjectException> differenceOf(ReconciliationLine line) {
        return reasonOf(line.verdict())
                .map(reason -> new ObjectException(
                        Step.VERIFY,
                        line.kind(),
                        line.sourceId(),
                        line.targetId(),
                        line.outcome(),
                        line.reason().orElse(reason)));
    }

    private static Optional<ReasonCode> reasonOf(Verdict verdict) {
        return switch (verdict) {
            case DIFFERENT -> Optional.of(ReasonCode.DIFFERENT_IN_TARGET);
            case MISSING -> Optional.of(ReasonCode.MISSING_IN_TARGET);
            case UNEXPECTED -> Optional.of(ReasonCode.UNEXPECTED_IN_TARGET);
            case EQUAL, NOT_COMPARED -> Optional.empty();
        };
    }

    /** Counted from what is stored, so that a second run counts the same. */
    private long exceptionsOf(MigrationId migration) {
        List<Summary> summaries = reports.summary(migration);
        return summaries.stream()
                .filter(summary -> summary.outcome() != Outcome.MOVED)
                .filter(summary -> summary.reason()
                        .map(reason -> !EXPECTED.contains(reason))
                        .orElse(true))
                .mapToLong(Summary::objects)
                .sum();
    }
}
