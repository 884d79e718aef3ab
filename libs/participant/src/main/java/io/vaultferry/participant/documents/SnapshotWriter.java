package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;

/** Writes everything that was read from the source organization; items stay encrypted as they were read. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class SnapshotWriter {

    private SnapshotWriter() {}

    /**
     * Writes the document; there is none when the source of its contents fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(ClaimCheckStore store, StagingKey key, MigrationId migration, Contents contents) {
        throw new UnsupportedOperationException("skeleton");
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
}
