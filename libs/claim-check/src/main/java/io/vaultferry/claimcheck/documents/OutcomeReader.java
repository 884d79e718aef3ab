package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.util.Iterator;

/** Reads what a step did with each object, line by line. Not thread-safe; close it. */
public final class OutcomeReader implements Iterator<ObjectOutcome>, AutoCloseable {

    private final SealedLines.Lines<OutcomeFormat.Wire> lines;

    private OutcomeReader(SealedLines.Lines<OutcomeFormat.Wire> lines) {
        this.lines = lines;
    }

    /**
     * Opens the document.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public static OutcomeReader open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        return new OutcomeReader(OutcomeFormat.LINES.open(store, key, migration, check));
    }

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    @Override
    public ObjectOutcome next() {
        return lines.next().toLine();
    }

    @Override
    public void close() {
        lines.close();
    }
}
