package io.vaultferry.bitwarden.client;

import java.net.URI;

/**
 * Where one file can be fetched for a short while (Vaultwarden: 5 minutes, official servers: 1 minute) by whoever has
 * the address. Ask for it right before the download.
 */
public record AttachmentLink(ItemId item, AttachmentId id, URI url) {
    @Override
    public String toString() {
        return "AttachmentLink[" + item + ", " + id + "]";
    }
}
