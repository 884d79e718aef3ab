package io.vaultferry.bitwarden.client;

/**
 * A file's place that the server has made and that waits for the bytes.
 *
 * @param url where to send them when {@code kind} is {@link UploadKind#SIGNED_ADDRESS}; a secret while it is valid
 */
public record AttachmentSlot(ItemId item, AttachmentId id, UploadKind kind, String url) {
    @Override
    public String toString() {
        return "AttachmentSlot[" + item + ", " + id + ", " + kind + "]";
    }
}
