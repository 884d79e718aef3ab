package io.vaultferry.attachment.domain;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.UploadKind;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.participant.journal.Intent;
import io.vaultferry.participant.journal.Listed;
import io.vaultferry.participant.journal.Payload;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.UnsettledWrite;
import io.vaultferry.participant.journal.WriteAnswer;
import io.vaultferry.participant.journal.WriteAnswer.NoSafeToResend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the record of a file on an item; its bytes follow. The record is recognized by the file's encrypted name and wrapped
 * key, which no other file of the item has.
 */
public final class AttachmentWrite implements TargetWrite {

    private final BitwardenSession server;
    private final ItemId item;
    private final Map<String, AttachmentSlot> made = new HashMap<>();

    public AttachmentWrite(BitwardenSession server, ItemId item) {
        this.server = server;
        this.item = item;
    }

    /**
     * What is sent for a file.
     *
     * @param size of the encrypted bytes
     */
    record FileRecord(String key, String fileName, long size) {

        static FileRecord of(byte[] payload) {
            return Payload.decode(payload, FileRecord.class);
        }

        EncString keyString() {
            return EncString.parse(key);
        }

        EncString fileNameString() {
            return EncString.parse(fileName);
        }

        @Override
        public String toString() {
            return "FileRecord[redacted]";
        }
    }

    static PlannedWrite plan(AttachmentId source, AttachmentKeys.Target target, long size) {
        FileRecord record =
                new FileRecord(target.key().text(), target.fileName().text(), size);
        return new PlannedWrite(source.value(), Payload.encode(record), token(record.key(), record.fileName()));
    }

    private static String token(String key, String fileName) {
        return key + " " + fileName;
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_UNIQUE_TOKEN;
    }

    @Override
    public void awaitTurn() {
        server.awaitTurn();
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        FileRecord record = FileRecord.of(unit.getFirst().payload());
        WriteAnswer answer = WriteAnswer.of(() -> {
            AttachmentSlot slot =
                    server.createAttachment(item, record.keyString(), record.fileNameString(), record.size());
            made.put(slot.id().value(), slot);
            return List.of(slot.id().value());
        });
        return answer instanceof NoSafeToResend refusal && refusal.failure() instanceof RateLimitedException
                // The next turn waits for what the server wants.
                ? new NoSafeToResend(Optional.of(Duration.ZERO), refusal.failure())
                : answer;
    }

    /**
     * Where the bytes of a record go: as the server said when the record was made, or says now when that was too long ago.
     *
     * @throws NotFoundException when the server takes no bytes for it any more
     */
    AttachmentSlot slotOf(AttachmentId record) {
        AttachmentSlot slot = made.get(record.value());
        if (slot == null) {
            return server.attachmentSlot(item, record);
        }
        if (slot.kind() != UploadKind.DIRECT) {
            // The address lives for a minute only.
            made.remove(record.value());
        }
        return slot;
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        for (Attachment attachment : there()) {
            found.accept(new Listed(
                    token(attachment.keyText().orElse(""), attachment.fileNameText()),
                    attachment.id().value(),
                    Optional.empty(),
                    ""));
        }
    }

    /** An item that somebody has deleted has no files, which settles every question about them. */
    private List<Attachment> there() {
        try {
            return server.item(item).attachments();
        } catch (NotFoundException e) {
            return List.of();
        }
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        for (String id : surplusTargetIds) {
            try {
                server.deleteAttachment(item, new AttachmentId(id));
            } catch (NotFoundException e) {
                // Gone already, which is what was wanted.
            }
        }
    }
}
