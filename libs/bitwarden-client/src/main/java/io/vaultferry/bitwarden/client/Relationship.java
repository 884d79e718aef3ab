package io.vaultferry.bitwarden.client;

/**
 * Says that an item of an import lies in a collection.
 *
 * @param item the position of the item in the import
 */
public record Relationship(int item, CollectionId collection) {
    public Relationship {
        if (item < 0) {
            throw new IllegalArgumentException("A position is not negative.");
        }
    }
}
