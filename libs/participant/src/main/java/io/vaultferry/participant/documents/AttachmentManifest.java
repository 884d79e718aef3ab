package io.vaultferry.participant.documents;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.util.Iterator;

/** The files to move, each with the item of the target that it goes to. */
public final class AttachmentManifest {

    private static final SealedLines<ManifestFile> LINES =
            new SealedLines<>("attachment-manifest", 1, ManifestFile.class, VaultJson.mapper());

    private AttachmentManifest() {}

    /**
     * Writes a manifest; there is none when the source of its files fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(
            ClaimCheckStore store, StagingKey key, MigrationId migration, SealedLines.Source<ManifestFile> files) {
        return LINES.write(store, key, migration, files);
    }

    /**
     * Opens a manifest. Close what is returned.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public static Files open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        SealedLines.Lines<ManifestFile> lines = LINES.open(store, key, migration, check);
        return new Files() {
            @Override
            public boolean hasNext() {
                return lines.hasNext();
            }

            @Override
            public ManifestFile next() {
                return lines.next();
            }

            @Override
            public void close() {
                lines.close();
            }
        };
    }

    /** The files, one by one. Not thread-safe. */
    public interface Files extends Iterator<ManifestFile>, AutoCloseable {
        @Override
        void close();
    }
}
