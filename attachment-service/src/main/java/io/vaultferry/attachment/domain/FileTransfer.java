package io.vaultferry.attachment.domain;

import io.vaultferry.attachment.domain.AttachmentWrite.FileRecord;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.client.UploadKind;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.bitwarden.crypto.VerifyingInputStream;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.CreatedObject;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves one file. The record is made first and the bytes second, by the server's rules; so a file whose record is there may
 * still lack its bytes, and what a run finds there it reads before it believes it.
 *
 * <p>A file with a key of its own passes through one buffer, as it is, with its authentication code checked on the way: when
 * it does not fit, the last bytes are never sent. A file without one is decrypted and encrypted under a new key into a spool
 * file, because the code stands in front of the data; the spool never holds plaintext.
 */
public final class FileTransfer {

    private static final int UPLOADS = 3;

    private final MigrationSession source;
    private final MigrationSession target;
    private final WriteJournals journals;
    private final Path spoolDirectory;
    private final StepContext lease;

    /**
     * @param lease stops the transfer when the work is somebody else's now
     */
    public FileTransfer(
            MigrationSession source,
            MigrationSession target,
            WriteJournals journals,
            Path spoolDirectory,
            StepContext lease) {
        this.source = source;
        this.target = target;
        this.journals = journals;
        this.spoolDirectory = spoolDirectory;
        this.lease = lease;
    }

    /**
     * Moves the file, or goes on moving it.
     *
     * @return what became of it
     * @throws BitwardenException when a server cannot be asked now; nothing is lost, and a later run goes on
     * @throws IOException when the bytes stop coming, or the spool cannot be written
     */
    public FileOutcome move(ManifestFile file) throws IOException {
        if (file.size() > target.profile().largestAttachmentBytes()) {
            return FileOutcome.skipped(ReasonCode.FILE_TOO_LARGE);
        }
        AttachmentKeys.Source keys;
        try {
            keys = new AttachmentKeys.Source(
                    file.sourceItemKey().orElse(null),
                    file.attachmentKeyText().flatMap(EncString::parseOptional).orElse(null),
                    EncString.parse(file.fileNameText()));
        } catch (CryptoException e) {
            return FileOutcome.quarantined(ReasonCode.UNREADABLE_AT_SOURCE);
        }
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keys, source.organizationKey())) {
            return move(file, keys, opened);
        } catch (CryptoException e) {
            return FileOutcome.quarantined(ReasonCode.UNREADABLE_AT_SOURCE);
        }
    }

    private FileOutcome move(ManifestFile file, AttachmentKeys.Source keys, AttachmentKeys.Opened opened)
            throws IOException {
        EffectivelyOnceWriter writer = journals.writer(
                new WriteScope(
                        target.migration(),
                        Step.TRANSFER_ATTACHMENTS,
                        WriteKind.ATTACHMENT,
                        file.sourceAttachment().value()),
                target);
        boolean fresh = !writer.recorded().contains(file.sourceAttachment().value());
        if (fresh && !hasBytes(file)) {
            return FileOutcome.quarantined(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        writer.write(
                (fresh ? List.of(plan(file, keys)) : List.<PlannedWrite>of()).iterator(),
                UnitLimits.ONE_BY_ONE,
                new AttachmentWrite(target.server(), file.targetItem()),
                lease);
        List<CreatedObject> created = new ArrayList<>();
        writer.forEachCreated(created::add);
        if (created.isEmpty()) {
            List<ReasonCode> reasons = new ArrayList<>();
            writer.forEachOutcome(write -> write.reason().ifPresent(reasons::add));
            return FileOutcome.quarantined(reasons.isEmpty() ? ReasonCode.REFUSED_BY_TARGET : reasons.getFirst());
        }
        return fill(file, opened, writer, created.getFirst(), fresh);
    }

    private PlannedWrite plan(ManifestFile file, AttachmentKeys.Source keys) {
        if (keys.generation() == AttachmentKeys.Generation.NO_OWN_KEY) {
            // The new key needs no other place than the record: from there it is unwrapped again when the bytes are
            // sent.
            try (SymmetricKey contentKey = SymmetricKey.make()) {
                return AttachmentWrite.plan(file.sourceAttachment(), toTarget(file, keys, contentKey), file.size());
            }
        }
        return AttachmentWrite.plan(file.sourceAttachment(), toTarget(file, keys, null), file.size());
    }

    private AttachmentKeys.Target toTarget(
            ManifestFile file, AttachmentKeys.Source keys, SymmetricKey newContentKeyOrNull) {
        return AttachmentKeys.moveToOrganization(
                keys,
                source.organizationKey(),
                file.targetItemKey().orElse(null),
                target.organizationKey(),
                newContentKeyOrNull);
    }

    private FileOutcome fill(
            ManifestFile file,
            AttachmentKeys.Opened opened,
            EffectivelyOnceWriter writer,
            CreatedObject created,
            boolean fresh)
            throws IOException {
        AttachmentId id = new AttachmentId(created.targetId());
        FileRecord record = FileRecord.of(created.payload());
        AttachmentKeys.Source targetKeys = new AttachmentKeys.Source(
                file.targetItemKey().orElse(null), record.keyString(), record.fileNameString());
        try (AttachmentKeys.Opened there = AttachmentKeys.open(targetKeys, target.organizationKey())) {
            if (!fresh && isComplete(file, id, there.contentKey())) {
                return FileOutcome.moved(id.value());
            }
            for (int upload = 1; upload <= UPLOADS; upload++) {
                Optional<ReasonCode> damage = opened.generation() == AttachmentKeys.Generation.NO_OWN_KEY
                        ? uploadEncryptedAnew(file, id, record, opened, there)
                        : uploadAsItIs(file, id, record, opened);
                if (damage.isEmpty()) {
                    return FileOutcome.moved(id.value());
                }
                if (damage.get() != ReasonCode.FILE_DAMAGED_ON_TRANSFER || upload == UPLOADS) {
                    takeBack(file, writer, id);
                    return FileOutcome.quarantined(damage.get());
                }
            }
            throw new IllegalStateException("the last upload decides");
        }
    }

    private void takeBack(ManifestFile file, EffectivelyOnceWriter writer, AttachmentId id) {
        lease.checkpoint();
        new AttachmentWrite(target.server(), file.targetItem()).remove(List.of(id.value()));
        writer.removed(List.of(file.sourceAttachment().value()), lease);
    }

    private Optional<ReasonCode> uploadAsItIs(
            ManifestFile file, AttachmentId id, FileRecord record, AttachmentKeys.Opened opened) throws IOException {
        try (Download download = download(source.server(), file.sourceItem(), file.sourceAttachment())) {
            long length = download.length().orElse(file.size());
            if (!AttachmentFormat.isPossibleEncryptedSize(length)) {
                return Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
            }
            return upload(
                    file, id, record, new VerifyingInputStream(download.body(), length, opened.contentKey()), length);
        } catch (NotFoundException | RefusedException e) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
    }

    private Optional<ReasonCode> uploadEncryptedAnew(
            ManifestFile file,
            AttachmentId id,
            FileRecord record,
            AttachmentKeys.Opened opened,
            AttachmentKeys.Opened there)
            throws IOException {
        Files.createDirectories(spoolDirectory);
        Path spool = Files.createTempFile(spoolDirectory, "spool-", ".enc");
        try {
            long length;
            try (Download download = download(source.server(), file.sourceItem(), file.sourceAttachment());
                    InputStream plain = AttachmentCrypto.decryptUntrusted(
                            download.body(), download.length().orElse(file.size()), opened.contentKey());
                    SeekableByteChannel out = FileChannel.open(spool, StandardOpenOption.WRITE)) {
                // What is decrypted here is untrusted until its end, and until then nothing of it leaves the spool.
                length = AttachmentCrypto.encrypt(plain, there.contentKey(), out);
            } catch (CryptoException e) {
                return Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
            } catch (NotFoundException | RefusedException e) {
                return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
            }
            try (InputStream in = Channels.newInputStream(FileChannel.open(spool, StandardOpenOption.READ))) {
                return upload(file, id, record, in, length);
            }
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    /** Sends the bytes, reads them back and compares. */
    private Optional<ReasonCode> upload(
            ManifestFile file, AttachmentId id, FileRecord record, InputStream bytes, long length) throws IOException {
        lease.checkpoint();
        byte[] sent;
        try (OutgoingBytes outgoing = new OutgoingBytes(bytes, lease)) {
            try {
                target.server()
                        .uploadAttachment(
                                new AttachmentSlot(file.targetItem(), id, UploadKind.DIRECT, ""),
                                record.fileNameString(),
                                outgoing,
                                length);
            } catch (BitwardenException e) {
                Optional<ReasonCode> damage = damageIn(outgoing);
                if (damage.isPresent()) {
                    return damage;
                }
                throw e;
            }
            sent = outgoing.sha256OfAll();
        }
        return MessageDigest.isEqual(sent, readBack(file, id))
                ? Optional.empty()
                : Optional.of(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
    }

    private static Optional<ReasonCode> damageIn(OutgoingBytes outgoing) throws IOException {
        Throwable failure = outgoing.failure().orElse(null);
        return switch (failure) {
            case null -> Optional.empty();
            case CryptoException damaged -> Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
            case StepStoppedException stopped -> throw stopped;
            case IOException cut -> throw cut;
            default -> Optional.empty();
        };
    }

    private byte[] readBack(ManifestFile file, AttachmentId id) throws IOException {
        MessageDigest digest = OutgoingBytes.sha256();
        try (Download download = download(target.server(), file.targetItem(), id)) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = download.body().read(buffer);
                    read >= 0;
                    read = download.body().read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (NotFoundException | RefusedException e) {
            // Nothing there: equal to no file.
            return new byte[0];
        }
        return digest.digest();
    }

    /** Whether the target has all bytes of a file: its authentication code covers every one. */
    private boolean isComplete(ManifestFile file, AttachmentId id, SymmetricKey contentKey) throws IOException {
        try (Download download = download(target.server(), file.targetItem(), id);
                InputStream verified = new VerifyingInputStream(
                        download.body(), download.length().orElse(file.size()), contentKey)) {
            verified.transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (NotFoundException | RefusedException | CryptoException e) {
            return false;
        }
    }

    private boolean hasBytes(ManifestFile file) {
        try (Download download = download(source.server(), file.sourceItem(), file.sourceAttachment())) {
            return download.length().orElse(file.size()) > 0;
        } catch (NotFoundException | RefusedException e) {
            return false;
        }
    }

    /** Asks for a link immediately before its use, and once more when it has expired in between. */
    private static Download download(BitwardenSession server, ItemId item, AttachmentId attachment) {
        try {
            return server.download(server.attachmentLink(item, attachment));
        } catch (NotFoundException | RefusedException e) {
            return server.download(server.attachmentLink(item, attachment));
        }
    }
}
