package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.SourceContent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a source organization holds while its items pass by. */
public final class ContentCount {

    private final Map<Integer, Long> itemsByType = new TreeMap<>();
    private long trashedItems;
    private long unreadableItems;
    private long itemsWithOwnKey;
    private long attachments;
    private long attachmentBytes;
    private long largestAttachment;
    private long attachmentsWithoutOwnKey;

    /** Counts an item, its files, and whether everything in it opens. */
    public void add(Item item, SymmetricKey organizationKey) {
        itemsByType.merge(item.type(), 1L, Long::sum);
        if (item.deletedAt().isPresent()) {
            trashedItems++;
        }
        if (ItemCrypto.hasOwnKey(item.json())) {
            itemsWithOwnKey++;
        }
        if (!opens(item, organizationKey)) {
            unreadableItems++;
        }
        for (Attachment attachment : item.attachments()) {
            attachments++;
            attachmentBytes += attachment.size();
            largestAttachment = Math.max(largestAttachment, attachment.size());
            if (attachment.keyText().isEmpty()) {
                attachmentsWithoutOwnKey++;
            }
        }
    }

    private static boolean opens(Item item, SymmetricKey organizationKey) {
        try {
            ItemCrypto.decrypt(item.json(), organizationKey);
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }

    public long items() {
        return itemsByType.values().stream().mapToLong(Long::longValue).sum();
    }

    public long unreadableItems() {
        return unreadableItems;
    }

    /** The counts, together with those of what is not an item. */
    public SourceContent toContent(long collections, long groups, long members, List<Policy> policies) {
        return new SourceContent(
                collections,
                groups,
                members,
                itemsByType,
                trashedItems,
                unreadableItems,
                itemsWithOwnKey,
                attachments,
                attachmentBytes,
                largestAttachment,
                attachmentsWithoutOwnKey,
                policies.stream().map(Policy::type).sorted().toList());
    }
}
