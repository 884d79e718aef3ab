package io.vaultferry.sandbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/** The bytes of attachments as they were uploaded: one file each, in a directory for each item. */
final class AttachmentFiles {

    private final Path directory;
    private final Path incoming;

    AttachmentFiles(Path directory) {
        this.directory = directory;
        this.incoming = directory.resolve("incoming");
        try {
            Files.createDirectories(incoming);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path fileOf(String itemId, String attachmentId) {
        return directory.resolve(plain(itemId)).resolve(plain(attachmentId));
    }

    /** A file of its own for an upload that is on its way. */
    Path newIncoming() {
        return incoming.resolve(UUID.randomUUID().toString());
    }

    /** Puts an upload in its place, over an earlier one. */
    void keep(Path upload, String itemId, String attachmentId) {
        try {
            Path file = fileOf(itemId, attachmentId);
            Files.createDirectories(file.getParent());
            Files.move(upload, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void discard(String itemId, String attachmentId) {
        discard(fileOf(itemId, attachmentId));
    }

    void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void discardAllOf(Item item) {
        item.attachments().forEach(attachment -> discard(item.id(), attachment.id()));
        Path itemDirectory = directory.resolve(plain(item.id()));
        try (Stream<Path> left = Files.isDirectory(itemDirectory) ? Files.list(itemDirectory) : Stream.empty()) {
            left.forEach(this::discard);
            Files.deleteIfExists(itemDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ids come out of URLs: none may lead out of the directory. */
    private static String plain(String id) {
        if (!id.matches("[0-9A-Za-z-]+")) {
            throw Refusal.noSuchEndpoint();
        }
        return id;
    }
}
