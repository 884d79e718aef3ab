package io.vaultferry.claimcheck.documents;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;

/** Writes what a step did with each object. */
public final class OutcomeWriter {

    private OutcomeWriter() {}

    /**
     * Writes the document; there is none when the source of its lines fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(
            ClaimCheckStore store, StagingKey key, MigrationId migration, SealedLines.Source<ObjectOutcome> lines) {
        return OutcomeFormat.LINES.write(
                store, key, migration, sink -> lines.writeTo(line -> sink.add(OutcomeFormat.Wire.of(line))));
    }
}
