package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** The source organization as it was read. Everything but the items is in memory; items are read one by one. */
public final class Snapshot {

    private final Supplier<SealedLines.Lines<SnapshotFormat.Line>> document;
    private final Organization organization;
    private final List<Collection> collections = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();

    private Snapshot(Supplier<SealedLines.Lines<SnapshotFormat.Line>> document) {
        this.document = document;
        try (SealedLines.Lines<SnapshotFormat.Line> lines = document.get()) {
            if (!lines.hasNext()) {
                throw damaged();
            }
            this.organization = lines.next().organization();
            if (organization == null) {
                throw damaged();
            }
            boolean itemsBegun = false;
            while (!itemsBegun && lines.hasNext()) {
                SnapshotFormat.Line line = lines.next();
                if (line.collection() != null) {
                    collections.add(line.collection());
                } else if (line.group() != null) {
                    groups.add(line.group());
                } else if (line.member() != null) {
                    members.add(line.member());
                } else if (line.policy() != null) {
                    policies.add(line.policy());
                } else if (line.item() != null) {
                    itemsBegun = true;
                } else {
                    throw damaged();
                }
            }
        }
    }

    /**
     * Opens a snapshot and reads everything up to its first item.
     *
     * @throws StagedDataDamagedException when it does not open; reading items throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading items throws it too
     */
    public static Snapshot open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        return new Snapshot(() -> SnapshotFormat.LINES.open(store, key, migration, check));
    }

    public Organization organization() {
        return organization;
    }

    public List<Collection> collections() {
        return Collections.unmodifiableList(collections);
    }

    public List<Group> groups() {
        return Collections.unmodifiableList(groups);
    }

    public List<Member> members() {
        return Collections.unmodifiableList(members);
    }

    public List<Policy> policies() {
        return Collections.unmodifiableList(policies);
    }

    /** Reads the items from the first on; each call reads the document again. Close it. */
    public Items items() {
        return new ItemLines(document.get());
    }

    private static StagedDataDamagedException damaged() {
        return new StagedDataDamagedException("a line of a snapshot is not what it should be");
    }

    /** The items, one by one. Not thread-safe. */
    public interface Items extends Iterator<Item>, AutoCloseable {
        @Override
        void close();
    }

    private static final class ItemLines implements Items {

        private final SealedLines.Lines<SnapshotFormat.Line> lines;
        private SnapshotFormat.Line upcoming;

        ItemLines(SealedLines.Lines<SnapshotFormat.Line> lines) {
            this.lines = lines;
        }

        @Override
        public boolean hasNext() {
            while ((upcoming == null || upcoming.item() == null) && lines.hasNext()) {
                upcoming = lines.next();
            }
            return upcoming != null && upcoming.item() != null;
        }

        @Override
        public Item next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            SnapshotFormat.Line line = upcoming;
            upcoming = null;
            try {
                return Item.of(line.item());
            } catch (BitwardenException e) {
                throw damaged();
            }
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
