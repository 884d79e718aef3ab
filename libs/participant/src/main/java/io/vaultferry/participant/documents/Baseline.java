package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.util.Iterator;

/**
 * What the target organization held before the first write, so that at the end it can be proven that nothing else was
 * changed: the id of each object with a keyed hash of its contents.
 */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class Baseline {

    private Baseline() {}

    /** The line of an item: its encrypted contents, revision, trash state, collections and files. */
    public static BaselineLine line(Item item, StagingKey key) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The line of a collection: its name, external id and the access of groups. */
    public static BaselineLine line(Collection collection, StagingKey key) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The line of a group: its name, external id, access and members. */
    public static BaselineLine line(Group group, StagingKey key) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The line of a member: role, access and groups. Not the status, which people change by accepting. */
    public static BaselineLine line(Member member, StagingKey key) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The line of a policy: whether it is enabled, and its data. */
    public static BaselineLine line(Policy policy, StagingKey key) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Writes a baseline; there is none when the source of its lines fails.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public static ClaimCheck write(
            ClaimCheckStore store, StagingKey key, MigrationId migration, SealedLines.Source<BaselineLine> lines) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Opens a baseline. Close what is returned.
     *
     * @throws io.vaultferry.claimcheck.StagedDataDamagedException when it does not open; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public static Lines open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The lines, one by one. Not thread-safe. */
    public interface Lines extends Iterator<BaselineLine>, AutoCloseable {
        @Override
        void close();
    }
}
