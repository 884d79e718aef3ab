package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.util.Iterator;

/** Reads the comparison of source and target, line by line. Not thread-safe; close it. */
public final class ReconciliationReader implements Iterator<ReconciliationLine>, AutoCloseable {

    private final SealedLines.Lines<ReconciliationFormat.Wire> lines;

    private ReconciliationReader(SealedLines.Lines<ReconciliationFormat.Wire> lines) {
        this.lines = lines;
    }

    /**
     * Opens the document.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public static ReconciliationReader open(
            ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        return new ReconciliationReader(ReconciliationFormat.LINES.open(store, key, migration, check));
    }

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    @Override
    public ReconciliationLine next() {
        return lines.next().toLine();
    }

    @Override
    public void close() {
        lines.close();
    }
}
