package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;

/** Writes the comparison of source and target. */
public final class ReconciliationWriter {

    private ReconciliationWriter() {}

    /**
     * Writes the document; there is none when the source of its lines fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(
            ClaimCheckStore store,
            StagingKey key,
            MigrationId migration,
            SealedLines.Source<ReconciliationLine> lines) {
        return ReconciliationFormat.LINES.write(
                store, key, migration, sink -> lines.writeTo(line -> sink.add(ReconciliationFormat.Wire.of(line))));
    }
}
