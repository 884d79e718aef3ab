package io.vaultferry.exporting.messaging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.ReconciliationWriter;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.VerifyMigration;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.exporting.domain.Findings;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;

/** Compares every object of source and target and writes down what it found. */
@ApplicationScoped
class VerifyMigrationHandler implements StepHandler<VerifyMigration> {

    private final Grants grants;
    private final ClaimCheckStore store;

    VerifyMigrationHandler(Grants grants, ClaimCheckStore store) {
        this.grants = grants;
        this.store = store;
    }

    @Override
    public Class<VerifyMigration> commandType() {
        return VerifyMigration.class;
    }

    @Override
    public StepReply handle(VerifyMigration command, StepContext context) {
        try (MigrationSession source = grants.open(command.migrationId(), Side.SOURCE);
                MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            AtomicReference<Findings> found = new AtomicReference<>();
            ClaimCheck reconciliation =
                    ReconciliationWriter.write(store, target.stagingKey(), command.migrationId(), sink -> {
                        Findings findings = new Findings(line -> add(sink, line));
                        found.set(findings);
                        new Verification(command, source, target, store, findings, context).run();
                    });
            Findings findings = found.get();
            return new StepReply.MigrationVerified(
                    command.migrationId(), command.attempt(), findings.tally(), findings.differences(), reconciliation);
        }
    }

    private static void add(SealedLines.Sink<ReconciliationLine> sink, ReconciliationLine line) {
        try {
            sink.add(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
