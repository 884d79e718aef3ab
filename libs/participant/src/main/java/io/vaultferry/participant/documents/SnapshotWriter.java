package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;

/** Writes everything that was read from the source organization; items stay encrypted as they were read. */
public final class SnapshotWriter {

    private SnapshotWriter() {}

    /**
     * Writes the document; there is none when the source of its contents fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(ClaimCheckStore store, StagingKey key, MigrationId migration, Contents contents) {
        return SnapshotFormat.LINES.write(store, key, migration, lines -> contents.writeTo(new LineSink(lines)));
    }

    /** Where a snapshot's contents come from. */
    @FunctionalInterface
    public interface Contents {
        /** Gives everything to the sink. */
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes a snapshot's contents: the organization first, items last. */
    public interface Sink {
        void organization(Organization organization) throws IOException;

        void collection(Collection collection) throws IOException;

        void group(Group group) throws IOException;

        void member(Member member) throws IOException;

        void policy(Policy policy) throws IOException;

        void item(Item item) throws IOException;
    }

    private static final class LineSink implements Sink {

        private final SealedLines.Sink<SnapshotFormat.Line> lines;
        private boolean organizationWritten;
        private boolean itemsBegun;

        LineSink(SealedLines.Sink<SnapshotFormat.Line> lines) {
            this.lines = lines;
        }

        @Override
        public void organization(Organization organization) throws IOException {
            if (organizationWritten) {
                throw new IllegalStateException("a snapshot holds one organization");
            }
            organizationWritten = true;
            lines.add(SnapshotFormat.Line.of(organization));
        }

        @Override
        public void collection(Collection collection) throws IOException {
            addBeforeItems(SnapshotFormat.Line.of(collection));
        }

        @Override
        public void group(Group group) throws IOException {
            addBeforeItems(SnapshotFormat.Line.of(group));
        }

        @Override
        public void member(Member member) throws IOException {
            addBeforeItems(SnapshotFormat.Line.of(member));
        }

        @Override
        public void policy(Policy policy) throws IOException {
            addBeforeItems(SnapshotFormat.Line.of(policy));
        }

        @Override
        public void item(Item item) throws IOException {
            requireOrganization();
            itemsBegun = true;
            lines.add(SnapshotFormat.Line.ofItem(item.json()));
        }

        private void addBeforeItems(SnapshotFormat.Line line) throws IOException {
            requireOrganization();
            // A reader keeps everything before the items in memory and stops reading there.
            if (itemsBegun) {
                throw new IllegalStateException("a snapshot's items come last");
            }
            lines.add(line);
        }

        private void requireOrganization() {
            if (!organizationWritten) {
                throw new IllegalStateException("a snapshot begins with its organization");
            }
        }
    }
}
