package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.http.MultipartForm;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Item.Attachment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files: the record first, the bytes in a second call, which may be repeated. A record whose bytes never came is listed
 * like any other.
 */
final class AttachmentEndpoints {

    private static final String ATTACHMENTS = "/api/ciphers/{item}/attachment";

    private final Vault vault;
    private final Rights rights;
    private final ItemEndpoints items;
    private final AttachmentLinks links;
    private final AttachmentFiles files;
    private final long largestUpload;
    private final long downloadRate;

    AttachmentEndpoints(
            Vault vault,
            Rights rights,
            ItemEndpoints items,
            AttachmentLinks links,
            AttachmentFiles files,
            long largestUpload,
            long downloadRate) {
        this.vault = vault;
        this.rights = rights;
        this.items = items;
        this.links = links;
        this.files = files;
        this.largestUpload = largestUpload;
        this.downloadRate = downloadRate;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post(ATTACHMENTS + "/v2", this::createRecord);
        endpoints.upload(ATTACHMENTS + "/{attachment}", this::uploadBytes);
        endpoints.upload(ATTACHMENTS, this::uploadAtOnce);
        endpoints.upload(ATTACHMENTS + "-admin", this::uploadAtOnce);
        endpoints.get(ATTACHMENTS + "/{attachment}", this::read);
        endpoints.delete(ATTACHMENTS + "/{attachment}", this::delete);
        endpoints.delete(ATTACHMENTS + "/{attachment}/admin", this::delete);
        endpoints.post(ATTACHMENTS + "/{attachment}/delete", this::delete);
        endpoints.post(ATTACHMENTS + "/{attachment}/delete-admin", this::delete);
        endpoints.open("GET", "/attachments/{item}/{attachment}", this::download);
    }

    private Response createRecord(Call call) {
        Json body = call.json();
        String key = body.text("key");
        String fileName = body.text("fileName");
        long size = body.numberOrText("fileSize");
        boolean asAdministrator = body.flag("adminRequest", false);
        Item item = items.writable(call.variable("item"), call.account(), "Cipher is not write accessible");
        if (size < 0) {
            throw Refusal.invalid("Attachment size can't be negative");
        }
        Attachment attachment = new Attachment(vault.newAttachmentId(), fileName, size, key);
        Item changed = withAttachment(item, attachment);
        vault.replaceItem(changed);
        ItemView view =
                asAdministrator ? ItemEndpoints.administratorView(changed) : items.userView(changed, call.account());
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeStringField("object", "attachment-fileUpload");
            json.writeStringField("attachmentId", attachment.id());
            json.writeStringField("url", "/ciphers/" + changed.id() + "/attachment/" + attachment.id());
            json.writeNumberField("fileUploadType", 0);
            json.writeFieldName(asAdministrator ? "cipherMiniResponse" : "cipherResponse");
            view.write(json, links);
            json.writeEndObject();
        });
    }

    private Response uploadBytes(Call call) throws IOException {
        String itemId = call.variable("item");
        String attachmentId = call.variable("attachment");
        vault.read(() -> announced(call));
        return receive(call, (upload, form) -> {
            Attachment announced = announced(call);
            long size = form.size().orElseThrow(Refusal::unprocessable);
            Item item = items.writable(itemId, call.account(), "Cipher is not write accessible");
            long smallest = announced.size() - Vaultwarden.SIZE_LEEWAY;
            long largest = announced.size() + Vaultwarden.SIZE_LEEWAY;
            if (size < smallest || size > largest) {
                vault.replaceItem(withoutAttachment(item, attachmentId));
                files.discard(itemId, attachmentId);
                throw Refusal.invalid("Attachment size mismatch (expected within [" + smallest + ", " + largest
                        + "], got " + size + ")");
            }
            files.keep(upload, itemId, attachmentId);
            if (size != announced.size()) {
                vault.replaceItem(withAttachment(
                        item, new Attachment(attachmentId, announced.fileName(), size, announced.key())));
            }
            touch(item);
            return Response.empty(200);
        });
    }

    private Attachment announced(Call call) {
        String id = call.variable("attachment");
        return vault.item(call.variable("item")).flatMap(item -> find(item, id)).orElseThrow(() -> {
            boolean elsewhere = vault.state().items.values().stream()
                    .anyMatch(item -> find(item, id).isPresent());
            return Refusal.invalid(elsewhere ? "Attachment doesn't belong to cipher" : "Attachment doesn't exist");
        });
    }

    /** The old way: record and bytes in one call. */
    private Response uploadAtOnce(Call call) throws IOException {
        return receive(call, (upload, form) -> {
            long size = form.size().orElseThrow(Refusal::unprocessable);
            Item item = items.writable(call.variable("item"), call.account(), "Cipher is not write accessible");
            String fileName = form.fileName()
                    .filter(name -> !name.isEmpty())
                    .orElseThrow(() -> Refusal.invalid("No filename provided"));
            String key = Optional.ofNullable(form.fields().get("key"))
                    .orElseThrow(() -> Refusal.invalid("No attachment key provided"));
            Attachment attachment = new Attachment(vault.newAttachmentId(), fileName, size, key);
            files.keep(upload, item.id(), attachment.id());
            Item changed = withAttachment(item, attachment);
            vault.replaceItem(changed);
            touch(changed);
            ItemView view = items.userView(changed, call.account());
            return Json.ok(json -> view.write(json, links));
        });
    }

    /** What is done with a form that has arrived as a whole. */
    @FunctionalInterface
    private interface Arrival {
        Response handle(Path upload, MultipartForm form);
    }

    /** Takes in a form without holding the vault, and lets it be handled with the vault held. */
    private Response receive(Call call, Arrival arrival) throws IOException {
        Path upload = files.newIncoming();
        try {
            MultipartForm form = MultipartForm.read(call.request(), upload, largestUpload);
            return vault.write(() -> arrival.handle(upload, form));
        } catch (MultipartForm.TooLargeException e) {
            throw Refusal.tooLarge();
        } catch (MultipartForm.MalformedException e) {
            throw Refusal.malformed();
        } finally {
            files.discard(upload);
        }
    }

    private Response read(Call call) {
        Item item = items.find(call.variable("item"));
        if (rights.accessTo(item, call.account()).isEmpty()) {
            throw Refusal.invalid("Cipher is not accessible");
        }
        Attachment attachment = announced(call);
        return Json.ok(json -> ItemView.write(json, item.id(), attachment, links));
    }

    private Response delete(Call call) {
        Attachment attachment = announced(call);
        Item item = items.writable(call.variable("item"), call.account(), "Cipher cannot be deleted by user");
        Item changed = withoutAttachment(item, attachment.id());
        vault.replaceItem(changed);
        files.discard(item.id(), attachment.id());
        touch(changed);
        ItemView view = items.userView(changed, call.account());
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeFieldName("cipher");
            view.write(json, links);
            json.writeEndObject();
        });
    }

    private Response download(Call call) throws IOException {
        String itemId = call.variable("item");
        String attachmentId = call.variable("attachment");
        boolean allowed = call.request()
                .parameter("token")
                .filter(token -> links.allows(token, itemId, attachmentId))
                .isPresent();
        if (!allowed) {
            throw Refusal.noSuchEndpoint();
        }
        Response file = Response.file(files.fileOf(itemId, attachmentId)).orElseThrow(Refusal::noSuchEndpoint);
        return downloadRate == 0 ? file : file.with(new SlowBody(file.body(), downloadRate));
    }

    private void touch(Item item) {
        Optional.ofNullable(item.organizationId()).flatMap(vault::organization).ifPresent(vault::touch);
        Optional.ofNullable(item.userId()).flatMap(vault::account).ifPresent(vault::touch);
    }

    private static Optional<Attachment> find(Item item, String attachmentId) {
        return item.attachments().stream()
                .filter(attachment -> attachment.id().equals(attachmentId))
                .findFirst();
    }

    /** With this record, in the place of an earlier one of the same id or at the end. */
    private static Item withAttachment(Item item, Attachment attachment) {
        List<Attachment> attachments = new ArrayList<>(item.attachments());
        int place = attachments.indexOf(find(item, attachment.id()).orElse(null));
        if (place >= 0) {
            attachments.set(place, attachment);
        } else {
            attachments.add(attachment);
        }
        return item.withAttachments(attachments);
    }

    private static Item withoutAttachment(Item item, String attachmentId) {
        return item.withAttachments(item.attachments().stream()
                .filter(attachment -> !attachment.id().equals(attachmentId))
                .toList());
    }
}
