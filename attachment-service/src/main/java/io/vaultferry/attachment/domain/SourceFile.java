package io.vaultferry.attachment.domain;

import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.participant.documents.ManifestFile;
import java.util.Optional;

/**
 * A file of the source. The download with which it was looked at serves for its bytes as well, if it comes to that, so that a
 * file costs its server one download. For one thread.
 */
final class SourceFile implements AutoCloseable {

    private final BitwardenSession server;
    private final ManifestFile file;
    private Optional<Download> held = Optional.empty();

    SourceFile(BitwardenSession server, ManifestFile file) {
        this.server = server;
        this.file = file;
    }

    /**
     * Its encrypted length, as its server states it now, or the manifest where it does not. Empty when the source lists the file
     * and has no bytes for it, or does not list it any more.
     */
    Optional<Long> length() {
        held = open();
        return held.map(this::lengthOf);
    }

    long lengthOf(Download download) {
        return download.length().orElse(file.size());
    }

    /** Whether the next download has waited since the file was looked at, and may be broken for that reason alone. */
    boolean hasWaiting() {
        return held.isPresent();
    }

    /** From its beginning; the caller closes it. Empty as for {@link #length}. */
    Optional<Download> download() {
        if (held.isPresent()) {
            Optional<Download> waiting = held;
            held = Optional.empty();
            return waiting;
        }
        return open();
    }

    private Optional<Download> open() {
        try {
            return Optional.of(download(server, file.sourceItem(), file.sourceAttachment()));
        } catch (NotFoundException | RefusedException e) {
            return Optional.empty();
        }
    }

    /** Asks for a link immediately before its use, and once more when it has expired in between. */
    static Download download(BitwardenSession server, ItemId item, AttachmentId attachment) {
        try {
            return server.download(server.attachmentLink(item, attachment));
        } catch (NotFoundException | RefusedException e) {
            return server.download(server.attachmentLink(item, attachment));
        }
    }

    @Override
    public void close() {
        held.ifPresent(Download::close);
    }
}
