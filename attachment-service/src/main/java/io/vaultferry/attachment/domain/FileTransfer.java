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
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.CreatedObject;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteOutcome;
import io.vaultferry.participant.journal.WriteScope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
    private static final int PAYLOAD_TOO_LARGE = 413;
    private static final int BUFFER = 64 * 1024;

    /** Equal to the digest of no file. */
    private static final byte[] NOTHING = new byte[0];

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
     * @throws IOException when the bytes stop coming
     * @throws StepFailureException when the spool cannot be written, or the target does not say what it did
     */
    public FileOutcome move(ManifestFile file) throws IOException {
        if (file.size() > target.profile().largestAttachmentBytes()) {
            return FileOutcome.notMoved(ReasonCode.FILE_TOO_LARGE);
        }
        AttachmentKeys.Source keys;
        AttachmentKeys.Opened opened;
        try {
            keys = new AttachmentKeys.Source(
                    file.sourceItemKey().orElse(null),
                    file.attachmentKeyText().flatMap(EncString::parseOptional).orElse(null),
                    EncString.parse(file.fileNameText()));
            opened = AttachmentKeys.open(keys, source.organizationKey());
        } catch (CryptoException e) {
            return FileOutcome.notMoved(ReasonCode.UNREADABLE_AT_SOURCE);
        }
        try (opened) {
            return move(file, keys, opened);
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
        boolean fresh = !writer.isRecorded(file.sourceAttachment().value());
        List<PlannedWrite> plan = new ArrayList<>();
        if (fresh) {
            // Looked at first, so that a file that cannot be moved leaves no trace in the target.
            Found found = lookAt(file);
            if (found.obstacle().isPresent()) {
                return FileOutcome.notMoved(found.obstacle().get());
            }
            try {
                plan.add(plan(file, keys, found.length()));
            } catch (CryptoException e) {
                // The file opened above: it is the target's item that has no usable key.
                return FileOutcome.notMoved(ReasonCode.PARENT_NOT_MOVED);
            }
        }
        writer.write(plan.iterator(), UnitLimits.ONE_BY_ONE, recordsOf(file), lease);
        List<CreatedObject> created = new ArrayList<>();
        writer.forEachCreated(created::add);
        return created.isEmpty()
                ? FileOutcome.notMoved(whyThereIsNoRecord(file, opened, writer))
                : fill(file, opened, writer, created.getFirst(), fresh);
    }

    private AttachmentWrite recordsOf(ManifestFile file) {
        return new AttachmentWrite(target.server(), file.targetItem());
    }

    private ReasonCode whyThereIsNoRecord(ManifestFile file, AttachmentKeys.Opened opened, EffectivelyOnceWriter writer)
            throws IOException {
        List<WriteOutcome> writes = new ArrayList<>();
        writer.forEachOutcome(writes::add);
        return switch (writes.getFirst().state()) {
            case REFUSED -> writes.getFirst().reason().orElse(ReasonCode.REFUSED_BY_TARGET);
            // An earlier run took it back and ended before it could say why.
            case REMOVED -> whatIsWrongAtSource(file, opened).orElse(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
            case INTENDED, SENT, ACCEPTED, REJECTED, CREATED ->
                throw new IllegalStateException(
                        "a write is " + writes.getFirst().state() + " after it was settled");
        };
    }

    /**
     * A file of the source as it answers now.
     *
     * @param length encrypted; as the manifest states it where the server does not say
     */
    private record Found(long length, Optional<ReasonCode> obstacle) {}

    private Found lookAt(ManifestFile file) {
        Optional<Download> download = openAtSource(file);
        if (download.isEmpty()) {
            return new Found(0, Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE));
        }
        try (Download bytes = download.get()) {
            long length = bytes.length().orElse(file.size());
            return new Found(length, obstacle(length));
        }
    }

    /** What follows from the length of a file alone. */
    private Optional<ReasonCode> obstacle(long length) {
        if (length == 0) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        if (length > target.profile().largestAttachmentBytes()) {
            return Optional.of(ReasonCode.FILE_TOO_LARGE);
        }
        return AttachmentFormat.isPossibleEncryptedSize(length)
                ? Optional.empty()
                : Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
    }

    private PlannedWrite plan(ManifestFile file, AttachmentKeys.Source keys, long length) {
        if (keys.generation() == AttachmentKeys.Generation.NO_OWN_KEY) {
            // The new key needs no other place than the record: from there it is unwrapped again when the bytes are
            // sent.
            try (SymmetricKey contentKey = SymmetricKey.make()) {
                return AttachmentWrite.plan(file.sourceAttachment(), toTarget(file, keys, contentKey), length);
            }
        }
        return AttachmentWrite.plan(file.sourceAttachment(), toTarget(file, keys, null), length);
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
                    return FileOutcome.notMoved(damage.get());
                }
            }
            throw new IllegalStateException("the last upload decides");
        }
    }

    private void takeBack(ManifestFile file, EffectivelyOnceWriter writer, AttachmentId id) {
        lease.checkpoint();
        recordsOf(file).remove(List.of(id.value()));
        writer.removed(List.of(file.sourceAttachment().value()), lease);
    }

    private Optional<ReasonCode> uploadAsItIs(
            ManifestFile file, AttachmentId id, FileRecord record, AttachmentKeys.Opened opened) throws IOException {
        Optional<Download> download = openAtSource(file);
        if (download.isEmpty()) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        try (Download bytes = download.get()) {
            long length = bytes.length().orElse(file.size());
            Optional<ReasonCode> obstacle = obstacle(length);
            return obstacle.isPresent()
                    ? obstacle
                    : upload(
                            file,
                            id,
                            record,
                            opened,
                            new VerifyingInputStream(bytes.body(), length, opened.contentKey()),
                            length);
        }
    }

    private Optional<ReasonCode> uploadEncryptedAnew(
            ManifestFile file,
            AttachmentId id,
            FileRecord record,
            AttachmentKeys.Opened opened,
            AttachmentKeys.Opened there)
            throws IOException {
        Optional<Download> download = openAtSource(file);
        if (download.isEmpty()) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        try (Spool spool = Spool.in(spoolDirectory)) {
            long length;
            try (Download bytes = download.get()) {
                long encryptedLength = bytes.length().orElse(file.size());
                Optional<ReasonCode> obstacle = obstacle(encryptedLength);
                if (obstacle.isPresent()) {
                    return obstacle;
                }
                // What is decrypted here is untrusted until its end, and until then nothing of it leaves the spool.
                try (InputStream plain =
                        AttachmentCrypto.decryptUntrusted(bytes.body(), encryptedLength, opened.contentKey())) {
                    length = AttachmentCrypto.encrypt(plain, there.contentKey(), spool);
                }
            } catch (CryptoException e) {
                return Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
            }
            return upload(file, id, record, opened, spool.fromTheBeginning(), length);
        }
    }

    /** Sends the bytes, reads them back and compares. */
    private Optional<ReasonCode> upload(
            ManifestFile file,
            AttachmentId id,
            FileRecord record,
            AttachmentKeys.Opened opened,
            InputStream bytes,
            long length)
            throws IOException {
        lease.checkpoint();
        byte[] sent;
        try (OutgoingBytes outgoing = new OutgoingBytes(bytes, lease)) {
            target.server()
                    .uploadAttachment(
                            new AttachmentSlot(file.targetItem(), id, UploadKind.DIRECT, ""),
                            record.fileNameString(),
                            outgoing,
                            length);
            sent = outgoing.sha256OfAll();
        } catch (CryptoException e) {
            return Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (NotFoundException e) {
            // The record is gone: taken back by a run that could not say so any more, or by somebody else.
            return Optional.of(whatIsWrongAtSource(file, opened).orElse(ReasonCode.REFUSED_BY_TARGET));
        } catch (RefusedException e) {
            return Optional.of(
                    e.status() == PAYLOAD_TOO_LARGE ? ReasonCode.FILE_TOO_LARGE : ReasonCode.REFUSED_BY_TARGET);
        }
        return MessageDigest.isEqual(sent, readBack(file, id, length))
                ? Optional.empty()
                : Optional.of(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
    }

    private byte[] readBack(ManifestFile file, AttachmentId id, long length) throws IOException {
        MessageDigest digest = OutgoingBytes.sha256();
        try (Download download = download(target.server(), file.targetItem(), id)) {
            byte[] buffer = new byte[BUFFER];
            long left = length;
            for (int read = download.body().read(buffer);
                    read >= 0;
                    read = download.body().read(buffer)) {
                left -= read;
                if (left < 0) {
                    // More than was sent; a server that never ends must not keep this worker.
                    return NOTHING;
                }
                lease.checkpoint();
                digest.update(buffer, 0, read);
            }
        } catch (NotFoundException | RefusedException e) {
            return NOTHING;
        }
        return digest.digest();
    }

    /** Whether the target has all bytes of a file: its authentication code covers every one. */
    private boolean isComplete(ManifestFile file, AttachmentId id, SymmetricKey contentKey) throws IOException {
        try (Download download = download(target.server(), file.targetItem(), id)) {
            long length = download.length().orElse(file.size());
            return obstacle(length).isEmpty() && isGenuine(download, length, contentKey);
        } catch (NotFoundException | RefusedException e) {
            return false;
        }
    }

    /** What keeps a file from being moved, if its own server is to blame. */
    private Optional<ReasonCode> whatIsWrongAtSource(ManifestFile file, AttachmentKeys.Opened opened)
            throws IOException {
        Optional<Download> download = openAtSource(file);
        if (download.isEmpty()) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        try (Download bytes = download.get()) {
            long length = bytes.length().orElse(file.size());
            Optional<ReasonCode> obstacle = obstacle(length);
            return obstacle.isPresent() || isGenuine(bytes, length, opened.contentKey())
                    ? obstacle
                    : Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
        }
    }

    private boolean isGenuine(Download download, long length, SymmetricKey contentKey) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream verified = new VerifyingInputStream(download.body(), length, contentKey)) {
            while (verified.read(buffer) >= 0) {
                lease.checkpoint();
            }
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }

    /** Empty when the source lists the file and has no bytes for it, or does not list it any more. */
    private Optional<Download> openAtSource(ManifestFile file) {
        try {
            return Optional.of(download(source.server(), file.sourceItem(), file.sourceAttachment()));
        } catch (NotFoundException | RefusedException e) {
            return Optional.empty();
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
