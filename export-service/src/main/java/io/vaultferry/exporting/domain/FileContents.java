package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** A file as one of the servers has it; knows how to make a digest of its name and decrypted bytes. */
public final class FileContents {

    private final ItemId item;
    private final AttachmentId id;
    private final AttachmentKeys.Source keys;
    private final long size;

    private FileContents(ItemId item, AttachmentId id, AttachmentKeys.Source keys, long size) {
        this.item = item;
        this.id = id;
        this.keys = keys;
        this.size = size;
    }

    /**
     * A file of an item.
     *
     * @return empty when its name, its key or the item's key is no encrypted string
     */
    public static Optional<FileContents> of(Item item, Attachment attachment) {
        try {
            return Optional.of(new FileContents(
                    item.id(),
                    attachment.id(),
                    new AttachmentKeys.Source(
                            item.key().orElse(null), attachment.key().orElse(null), attachment.fileName()),
                    attachment.size()));
        } catch (CryptoException e) {
            return Optional.empty();
        }
    }

    public AttachmentId id() {
        return id;
    }

    /** Encrypted length as the server states it. */
    public long size() {
        return size;
    }

    /**
     * Downloads the file and makes a SHA-256 of its name and its decrypted bytes, which pass through one buffer.
     *
     * @return empty when the server has no bytes for it, or they do not open
     * @throws BitwardenException when the server cannot be asked
     */
    public Optional<byte[]> digest(BitwardenSession server, SymmetricKey organizationKey) throws IOException {
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keys, organizationKey);
                Download download = server.download(server.attachmentLink(item, id));
                InputStream plain = AttachmentCrypto.decryptUntrusted(
                        download.body(), download.length().orElse(size), opened.contentKey())) {
            MessageDigest digest = sha256();
            digest.update(opened.fileName().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] buffer = new byte[64 * 1024];
            for (int read = plain.read(buffer); read >= 0; read = plain.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return Optional.of(digest.digest());
        } catch (CryptoException | NotFoundException | RefusedException e) {
            // Damaged, or listed without bytes: the caller compares nothing with nothing.
            return Optional.empty();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
