package io.vaultferry.contracts;

import java.util.Map;

/**
 * Counts of a source organization.
 *
 * @param itemsByType items by Bitwarden item type (1 login, 2 note, 3 card, 4 identity, 5 SSH key, ...), trash included
 * @param trashedItems items in the trash
 * @param unreadableItems items with a field that does not open under the organization's key
 * @param itemsWithOwnKey items that have a key of their own and move by re-wrapping it
 * @param attachmentBytes encrypted bytes as the server states them
 * @param largestAttachment encrypted bytes of the largest file; 0 when there is none
 * @param attachmentsWithoutOwnKey files of the oldest generation, which have to be encrypted again
 * @param policyTypes types of the stored policies
 */
public record SourceContent(
        long collections,
        long groups,
        long members,
        Map<Integer, Long> itemsByType,
        long trashedItems,
        long unreadableItems,
        long itemsWithOwnKey,
        long attachments,
        long attachmentBytes,
        long largestAttachment,
        long attachmentsWithoutOwnKey,
        java.util.List<Integer> policyTypes) {

    public long items() {
        return itemsByType.values().stream().mapToLong(Long::longValue).sum();
    }
}
