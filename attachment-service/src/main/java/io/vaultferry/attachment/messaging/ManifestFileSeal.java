package io.vaultferry.attachment.messaging;

import io.vaultferry.attachment.persistence.SealedFile;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.participant.journal.Payload;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Seals the manifest's lines for this service's database, each bound to its migration and file. */
@ApplicationScoped
class ManifestFileSeal {

    private record Wire(
            String sourceItem,
            String targetItem,
            long size,
            String sourceItemKey,
            String attachmentKey,
            String fileName,
            String targetItemKey) {}

    SealedFile seal(ManifestFile file, MigrationSession session) {
        Wire wire = new Wire(
                file.sourceItem().value(),
                file.targetItem().value(),
                file.size(),
                file.sourceItemKey().map(EncString::text).orElse(null),
                file.attachmentKeyText().orElse(null),
                file.fileNameText(),
                file.targetItemKey().map(EncString::text).orElse(null));
        String id = file.sourceAttachment().value();
        return new SealedFile(id, session.stagingKey().seal(Payload.encode(wire), associatedData(session, id)));
    }

    ManifestFile open(SealedFile file, MigrationSession session) {
        byte[] opened = session.stagingKey().open(file.sealed(), associatedData(session, file.sourceAttachment()));
        Wire wire = Payload.decode(opened, Wire.class);
        return new ManifestFile(
                new ItemId(wire.sourceItem()),
                new AttachmentId(file.sourceAttachment()),
                new ItemId(wire.targetItem()),
                wire.size(),
                EncString.parseOptional(wire.sourceItemKey()),
                Optional.ofNullable(wire.attachmentKey()),
                wire.fileName(),
                EncString.parseOptional(wire.targetItemKey()));
    }

    private static String associatedData(MigrationSession session, String sourceAttachment) {
        return session.migration() + "|transfer-file|" + sourceAttachment;
    }
}
