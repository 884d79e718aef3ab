package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vaultferry.sandbox.server.Item.Attachment;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * An item as somebody sees it.
 *
 * @param collectionIds the collections of it that he may see
 * @param user what only a user's own view has; an administrator's view of the organization has none of it
 */
record ItemView(Item item, Collection<String> collectionIds, Optional<UserPart> user) {

    /** What depends on the account. */
    record UserPart(boolean favorite, boolean mayEdit, boolean maySeePasswords) {}

    void write(JsonGenerator json, AttachmentLinks links) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", "cipherDetails");
        json.writeStringField("id", item.id());
        json.writeNumberField("type", item.type());
        json.writeStringField("creationDate", Json.date(item.createdAt()));
        json.writeStringField("revisionDate", Json.date(item.revisedAt()));
        json.writeStringField("deletedDate", item.deletedAt() == null ? null : Json.date(item.deletedAt()));
        json.writeNumberField("reprompt", item.reprompt());
        json.writeStringField("organizationId", item.organizationId());
        json.writeStringField("key", item.key());
        if (item.attachments().isEmpty()) {
            json.writeNullField("attachments");
        } else {
            json.writeArrayFieldStart("attachments");
            for (Attachment attachment : item.attachments()) {
                write(json, item.id(), attachment, links);
            }
            json.writeEndArray();
        }
        json.writeBooleanField("organizationUseTotp", true);
        json.writeArrayFieldStart("collectionIds");
        for (String id : collectionIds) {
            json.writeString(id);
        }
        json.writeEndArray();
        json.writeRaw(',');
        json.writeRaw(item.content());
        if (user.isPresent()) {
            json.writeNullField("folderId");
            json.writeBooleanField("favorite", user.get().favorite());
            json.writeNullField("archivedDate");
            json.writeBooleanField("edit", user.get().mayEdit());
            json.writeBooleanField("viewPassword", user.get().maySeePasswords());
            json.writeObjectFieldStart("permissions");
            json.writeBooleanField("delete", user.get().mayEdit());
            json.writeBooleanField("restore", user.get().mayEdit());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    static void write(JsonGenerator json, String itemId, Attachment attachment, AttachmentLinks links)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", attachment.id());
        json.writeStringField("url", links.linkTo(itemId, attachment.id()));
        json.writeStringField("fileName", attachment.fileName());
        json.writeStringField("size", Long.toString(attachment.size()));
        json.writeStringField("sizeName", sizeName(attachment.size()));
        json.writeStringField("key", attachment.key());
        json.writeStringField("object", "attachment");
        json.writeEndObject();
    }

    /** For example {@code 39.13 KB}. */
    static String sizeName(long size) {
        String[] units = {"bytes", "KB", "MB", "GB", "TB", "PB"};
        double amount = size;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", amount, units[unit]);
    }
}
