package io.vaultferry.attachment.domain;

import io.vaultferry.attachment.domain.AttachmentWrite.FileRecord;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.client.UnavailableException;
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
import java.time.Duration;
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
    private final MigrationSession source;
    private final MigrationSession target;
    private final WriteJournals journals;
    private final SpoolSpace spools;
    private final StepContext lease;
    private final ReadBack readBack;

    /**
     * @param lease stops the transfer when the work is somebody else's now
     */
    public FileTransfer(
            MigrationSession source,
            MigrationSession target,
            WriteJournals journals,
            SpoolSpace spools,
            StepContext lease) {
        this.source = source;
        this.target = target;
        this.journals = journals;
        this.spools = spools;
        this.readBack = new ReadBack(lease);
        this.lease = lease;
    }

    /**
     * Moves the file, or goes on moving it.
     *
     * @return what became of it
     * @throws BitwardenException when a server cannot be asked now; nothing is lost, and a later run goes on
     * @throws IOException when the bytes stop coming
     * @throws StepFailureException when the spool has no room or cannot be written, or the target does not say what it did
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
        try (opened;
                SourceFile bytes = new SourceFile(source.server(), file)) {
            return move(file, bytes, keys, opened);
        }
    }

    private FileOutcome move(
            ManifestFile file, SourceFile bytes, AttachmentKeys.Source keys, AttachmentKeys.Opened opened)
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
            Optional<Long> length = bytes.length();
            Optional<ReasonCode> obstacle = obstacle(length);
            if (obstacle.isPresent()) {
                return FileOutcome.notMoved(obstacle.get());
            }
            try {
                plan.add(plan(file, keys, length.orElseThrow()));
            } catch (CryptoException e) {
                // The file opened above: it is the target's item that has no usable key.
                return FileOutcome.notMoved(ReasonCode.PARENT_NOT_MOVED);
            }
        }
        AttachmentWrite records = new AttachmentWrite(target.server(), file.targetItem());
        writer.write(plan.iterator(), UnitLimits.ONE_BY_ONE, records, lease);
        List<CreatedObject> created = new ArrayList<>();
        writer.forEachCreated(created::add);
        if (created.isEmpty()) {
            return FileOutcome.notMoved(whyThereIsNoRecord(bytes, opened, writer));
        }
        AttachmentId id = new AttachmentId(created.getFirst().targetId());
        FileRecord record = FileRecord.of(created.getFirst().payload());
        AttachmentKeys.Source targetKeys = new AttachmentKeys.Source(
                file.targetItemKey().orElse(null), record.keyString(), record.fileNameString());
        try (AttachmentKeys.Opened there = AttachmentKeys.open(targetKeys, target.organizationKey())) {
            if (!fresh && isComplete(file, id, there.contentKey())) {
                return FileOutcome.moved(id.value());
            }
            Optional<ReasonCode> damage = fill(new Upload(file, bytes, opened, records, id, record, there));
            if (damage.isEmpty()) {
                return FileOutcome.moved(id.value());
            }
            lease.checkpoint();
            records.remove(List.of(id.value()));
            writer.removed(List.of(file.sourceAttachment().value()), lease);
            return FileOutcome.notMoved(damage.get());
        }
    }

    private ReasonCode whyThereIsNoRecord(SourceFile bytes, AttachmentKeys.Opened opened, EffectivelyOnceWriter writer)
            throws IOException {
        List<WriteOutcome> writes = new ArrayList<>();
        writer.forEachOutcome(writes::add);
        return switch (writes.getFirst().state()) {
            case REFUSED -> writes.getFirst().reason().orElse(ReasonCode.REFUSED_BY_TARGET);
            // An earlier run took it back and ended before it could say why.
            case REMOVED -> whatIsWrongAtSource(bytes, opened).orElse(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
            case INTENDED, SENT, ACCEPTED, REJECTED, CREATED ->
                throw new IllegalStateException(
                        "a write is " + writes.getFirst().state() + " after it was settled");
        };
    }

    /** What follows from the length of a file alone, or from its absence. */
    private Optional<ReasonCode> obstacle(Optional<Long> length) {
        return length.isEmpty() ? Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE) : obstacle(length.get());
    }

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

    /**
     * What it takes to fill a record.
     *
     * @param opened the keys of the source's file
     * @param there the keys of the target's record
     */
    private record Upload(
            ManifestFile file,
            SourceFile bytes,
            AttachmentKeys.Opened opened,
            AttachmentWrite records,
            AttachmentId id,
            FileRecord record,
            AttachmentKeys.Opened there) {}

    /** Answers why the record stays without the right bytes; empty when it has them. */
    private Optional<ReasonCode> fill(Upload upload) throws IOException {
        Optional<ReasonCode> damage = Optional.of(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
        for (int uploads = 0;
                uploads < UPLOADS && damage.equals(Optional.of(ReasonCode.FILE_DAMAGED_ON_TRANSFER));
                uploads++) {
            damage = sendAndCompare(upload);
        }
        return damage;
    }

    /** Sends the bytes, reads them back and compares; begins once more where that may help at once. */
    private Optional<ReasonCode> sendAndCompare(Upload upload) throws IOException {
        boolean waited = upload.bytes().hasWaiting();
        try {
            return sendAndCompareOnce(upload);
        } catch (UncheckedIOException e) {
            if (!waited) {
                throw e.getCause();
            }
            // The source may have dropped the download while the record was made.
        } catch (UnavailableException e) {
            if (!e.retryAfter().equals(Optional.of(Duration.ZERO))) {
                throw e;
            }
            // The access token had expired, and there is a new one now.
        }
        try {
            return sendAndCompareOnce(upload);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** @throws UncheckedIOException when the bytes of the source stop coming */
    private Optional<ReasonCode> sendAndCompareOnce(Upload upload) throws IOException {
        Optional<Download> download = upload.bytes().download();
        if (download.isEmpty()) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        try (Download bytes = download.get()) {
            long length = upload.bytes().lengthOf(bytes);
            Optional<ReasonCode> obstacle = obstacle(length);
            if (obstacle.isPresent()) {
                return obstacle;
            }
            return upload.opened().generation() == AttachmentKeys.Generation.NO_OWN_KEY
                    ? sendEncryptedAnew(upload, bytes, length)
                    : send(
                            upload,
                            new VerifyingInputStream(
                                    bytes.body(), length, upload.opened().contentKey()),
                            length);
        } catch (CryptoException e) {
            return Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
        }
    }

    private Optional<ReasonCode> sendEncryptedAnew(Upload upload, Download bytes, long encryptedLength)
            throws IOException {
        // Encrypted again it has the same length: as long as the plaintext, padded to whole blocks.
        try (Spool spool = spools.open(encryptedLength, lease)) {
            long length = encryptAnew(upload, bytes, encryptedLength, spool);
            // The source has nothing more to say, and must not wait for the target.
            bytes.close();
            return send(upload, spool.fromTheBeginning(), length);
        }
    }

    private long encryptAnew(Upload upload, Download bytes, long encryptedLength, Spool spool) {
        // What is decrypted here is untrusted until its end, and until then nothing of it leaves the spool.
        try (InputStream plain = AttachmentCrypto.decryptUntrusted(
                Passes.of(upload.opened().generation(), encryptedLength, lease).spooling(bytes.body()),
                encryptedLength,
                upload.opened().contentKey())) {
            return AttachmentCrypto.encrypt(plain, upload.there().contentKey(), spool);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<ReasonCode> send(Upload upload, InputStream bytes, long length) throws IOException {
        lease.checkpoint();
        Passes passes = Passes.of(upload.opened().generation(), length, lease);
        FileHeader sent;
        try (OutgoingBytes outgoing = new OutgoingBytes(bytes, lease, passes)) {
            AttachmentSlot slot = upload.records().slotOf(upload.id());
            if (!slot.kind().isSupported()) {
                return Optional.of(ReasonCode.UPLOAD_UNSUPPORTED);
            }
            target.server().uploadAttachment(slot, upload.record().fileNameString(), outgoing, length);
            sent = outgoing.header();
        } catch (NotFoundException e) {
            // The record is gone: taken back by a run that could not say so any more, or by somebody else.
            return Optional.of(
                    whatIsWrongAtSource(upload.bytes(), upload.opened()).orElse(ReasonCode.REFUSED_BY_TARGET));
        } catch (RefusedException e) {
            return Optional.of(
                    e.status() == PAYLOAD_TOO_LARGE ? ReasonCode.FILE_TOO_LARGE : ReasonCode.REFUSED_BY_TARGET);
        }
        return hasWhatWasSent(upload, sent, passes)
                ? Optional.empty()
                : Optional.of(ReasonCode.FILE_DAMAGED_ON_TRANSFER);
    }

    private boolean hasWhatWasSent(Upload upload, FileHeader sent, Passes passes) throws IOException {
        try (Download download =
                SourceFile.download(target.server(), upload.file().targetItem(), upload.id())) {
            // Under the key of the record: it must open for those who have nothing else.
            return readBack.isWhatWasSent(download, sent, passes, upload.there().contentKey());
        } catch (NotFoundException | RefusedException e) {
            return false;
        }
    }

    /** Whether the target has all bytes of a file: its authentication code covers every one. */
    private boolean isComplete(ManifestFile file, AttachmentId id, SymmetricKey contentKey) throws IOException {
        try (Download download = SourceFile.download(target.server(), file.targetItem(), id)) {
            long length = download.length().orElse(file.size());
            return obstacle(length).isEmpty() && readBack.isGenuine(download, length, contentKey);
        } catch (NotFoundException | RefusedException e) {
            return false;
        }
    }

    /** What keeps a file from being moved, if its own server is to blame. */
    private Optional<ReasonCode> whatIsWrongAtSource(SourceFile file, AttachmentKeys.Opened opened) throws IOException {
        Optional<Download> download = file.download();
        if (download.isEmpty()) {
            return Optional.of(ReasonCode.FILE_MISSING_AT_SOURCE);
        }
        try (Download bytes = download.get()) {
            long length = file.lengthOf(bytes);
            Optional<ReasonCode> obstacle = obstacle(length);
            return obstacle.isPresent() || readBack.isGenuine(bytes, length, opened.contentKey())
                    ? obstacle
                    : Optional.of(ReasonCode.FILE_DAMAGED_AT_SOURCE);
        }
    }
}
