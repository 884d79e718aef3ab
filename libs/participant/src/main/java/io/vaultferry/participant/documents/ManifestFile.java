package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.crypto.EncString;
import java.util.Objects;
import java.util.Optional;

/**
 * One file to move. The texts are the source's and may be unreadable; who moves the file finds out.
 *
 * @param size encrypted length as the source states it
 * @param sourceItemKey the source item's own key, when it has one
 * @param attachmentKeyText the file's own key as stored, when it has one
 * @param fileNameText the encrypted file name as stored
 * @param targetItemKey the target item's own key, when it has one
 */
public record ManifestFile(
        ItemId sourceItem,
        AttachmentId sourceAttachment,
        ItemId targetItem,
        long size,
        Optional<EncString> sourceItemKey,
        Optional<String> attachmentKeyText,
        String fileNameText,
        Optional<EncString> targetItemKey) {

    public ManifestFile {
        Objects.requireNonNull(sourceItem, "sourceItem");
        Objects.requireNonNull(sourceAttachment, "sourceAttachment");
        Objects.requireNonNull(targetItem, "targetItem");
        Objects.requireNonNull(fileNameText, "fileNameText");
    }

    @Override
    public String toString() {
        return "ManifestFile[" + sourceItem + ", " + sourceAttachment + "]";
    }
}
