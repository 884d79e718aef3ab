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
import java.util.Iterator;
import java.util.List;

/** The source organization as it was read. Everything but the items is in memory; items are read one by one. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class Snapshot {

    private Snapshot() {}

    /**
     * Opens a snapshot and reads everything up to its first item.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading items throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read
     */
    public static Snapshot open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        throw new UnsupportedOperationException("skeleton");
    }

    public Organization organization() {
        throw new UnsupportedOperationException("skeleton");
    }

    public List<Collection> collections() {
        throw new UnsupportedOperationException("skeleton");
    }

    public List<Group> groups() {
        throw new UnsupportedOperationException("skeleton");
    }

    public List<Member> members() {
        throw new UnsupportedOperationException("skeleton");
    }

    public List<Policy> policies() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Reads the items from the first on; each call reads the document again. Close it. */
    public Items items() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The items, one by one. Not thread-safe. */
    public interface Items extends Iterator<Item>, AutoCloseable {
        @Override
        void close();
    }
}
