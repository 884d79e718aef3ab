package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is kept of an item for a comparison: a keyed hash of its decrypted fields, its collections and whether it is in the
 * trash. The decrypted fields live only while the hash is made.
 */
public final class ItemDigest {

    private final byte[] hash;
    private final Set<CollectionId> collections;
    private final boolean trashed;

    private ItemDigest(byte[] hash, Set<CollectionId> collections, boolean trashed) {
        this.hash = hash;
        this.collections = collections;
        this.trashed = trashed;
    }

    /**
     * Decrypts and hashes.
     *
     * @param hashKey a key made for one comparison
     * @return empty when a field does not open
     */
    public static Optional<ItemDigest> of(Item item, SymmetricKey organizationKey, SymmetricKey hashKey) {
        try {
            byte[] hash = ItemCrypto.comparisonHash(ItemCrypto.decrypt(item.json(), organizationKey), hashKey);
            return Optional.of(new ItemDigest(
                    hash, new HashSet<>(item.collectionIds()), item.deletedAt().isPresent()));
        } catch (CryptoException e) {
            return Optional.empty();
        }
    }

    /**
     * Compares with the target's item.
     *
     * @param expectedCollections the target's ids of this item's collections
     */
    public boolean isEqualTo(ItemDigest target, Set<CollectionId> expectedCollections) {
        return Arrays.equals(hash, target.hash)
                && trashed == target.trashed
                && expectedCollections.equals(target.collections);
    }

    public Set<CollectionId> collections() {
        return collections;
    }
}
