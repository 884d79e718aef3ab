package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.server.Organization.Access;
import io.vaultferry.sandbox.server.Organization.Member;
import io.vaultferry.sandbox.server.Organization.OrganizationCollection;
import io.vaultferry.sandbox.server.Organization.Role;
import io.vaultferry.sandbox.server.Rights.Membership;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Items: listing, making, changing, their collections, trash, and the import. */
final class ItemEndpoints {

    private static final String ITEM = "/api/ciphers/{item}";

    private final Vault vault;
    private final Rights rights;
    private final PolicyEndpoints policies;
    private final Passwords passwords;
    private final AttachmentLinks links;
    private final AttachmentFiles files;

    ItemEndpoints(
            Vault vault,
            Rights rights,
            PolicyEndpoints policies,
            Passwords passwords,
            AttachmentLinks links,
            AttachmentFiles files) {
        this.vault = vault;
        this.rights = rights;
        this.policies = policies;
        this.passwords = passwords;
        this.links = links;
        this.files = files;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get("/api/ciphers", this::listOwn);
        endpoints.get("/api/ciphers/organization-details", this::listOfOrganization);
        endpoints.get(ITEM, this::read);
        endpoints.get(ITEM + "/details", this::read);
        endpoints.get(ITEM + "/admin", this::read);

        endpoints.post("/api/ciphers", this::createOwn);
        endpoints.post("/api/ciphers/create", this::create);
        endpoints.post("/api/ciphers/admin", this::create);
        endpoints.postInPieces("/api/ciphers/import-organization", this::importIntoOrganization);
        endpoints.putOrPost(ITEM, this::update);
        endpoints.putOrPost(ITEM + "/admin", this::update);
        endpoints.putOrPost(ITEM + "/share", this::share);
        endpoints.putOrPost(ITEM + "/partial", this::updatePart);

        endpoints.putOrPost(ITEM + "/collections", call -> userAnswer(setCollections(call), call));
        endpoints.putOrPost(ITEM + "/collections_v2", this::setCollectionsAndTell);
        endpoints.putOrPost(ITEM + "/collections-admin", call -> administratorAnswer(setCollections(call)));
        endpoints.post("/api/ciphers/bulk-collections", this::setCollectionsOfSeveral);

        endpoints.put(ITEM + "/delete", one(this::trash));
        endpoints.put(ITEM + "/delete-admin", one(this::trash));
        endpoints.put("/api/ciphers/delete", several(this::trash));
        endpoints.put("/api/ciphers/delete-admin", several(this::trash));
        endpoints.put(ITEM + "/restore", this::restoreOne);
        endpoints.put(ITEM + "/restore-admin", this::restoreOne);
        endpoints.put("/api/ciphers/restore", this::restoreSeveral);
        endpoints.put("/api/ciphers/restore-admin", this::restoreSeveral);
        endpoints.delete(ITEM, one(this::delete));
        endpoints.delete(ITEM + "/admin", one(this::delete));
        endpoints.post(ITEM + "/delete", one(this::delete));
        endpoints.post(ITEM + "/delete-admin", one(this::delete));
        endpoints.delete("/api/ciphers", several(this::delete));
        endpoints.delete("/api/ciphers/admin", several(this::delete));
        endpoints.post("/api/ciphers/delete", several(this::delete));
        endpoints.post("/api/ciphers/delete-admin", several(this::delete));
        endpoints.post("/api/ciphers/purge", this::purge);
    }

    AttachmentLinks links() {
        return links;
    }

    // ---- reading

    private Response listOwn(Call call) {
        return listing(visibleTo(call.account()));
    }

    /** All that an account sees, by id. */
    List<ItemView> visibleTo(Account account) {
        return vault.allItemsById().stream()
                .flatMap(item -> rights.viewOf(item, account).stream())
                .toList();
    }

    private Response listOfOrganization(Call call) {
        Membership membership = rights.member(
                call.account(), call.request().parameter("organizationId").orElseThrow(Refusal::noSuchEndpoint));
        if (!rights.hasFullAccess(membership.organization(), membership.member())) {
            throw Refusal.hidden();
        }
        return listing(administratorViews(membership.organization()));
    }

    List<ItemView> administratorViews(Organization organization) {
        return vault.itemsOf(organization).stream()
                .map(ItemEndpoints::administratorView)
                .toList();
    }

    static ItemView administratorView(Item item) {
        return new ItemView(item, item.collectionIds(), Optional.empty());
    }

    private Response listing(List<ItemView> views) {
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("data");
            for (ItemView view : views) {
                view.write(json, links);
            }
            json.writeEndArray();
            json.writeStringField("object", "list");
            json.writeNullField("continuationToken");
            json.writeEndObject();
        });
    }

    private Response read(Call call) {
        Item item = find(call.variable("item"));
        return rights.viewOf(item, call.account())
                .map(view -> Json.ok(json -> view.write(json, links)))
                .orElseThrow(() -> Refusal.invalid("Cipher is not owned by user"));
    }

    private Response userAnswer(Item item, Call call) {
        ItemView view = userView(item, call.account());
        return Json.ok(json -> view.write(json, links));
    }

    /** The caller's view, and for those who lost sight of the item by what they did, an administrator's. */
    ItemView userView(Item item, Account account) {
        return rights.viewOf(item, account).orElseGet(() -> administratorView(item));
    }

    private Response administratorAnswer(Item item) {
        ItemView view = administratorView(item);
        return Json.ok(json -> view.write(json, links));
    }

    // ---- making and changing

    private Response createOwn(Call call) {
        ItemContent content = ItemContent.read(call.json());
        Account account = call.account();
        requireOwnershipAllowed(content, account);
        Item fresh = Item.make(vault.newId(), account.id, vault.now());
        return userAnswer(store(fresh, content, account, false), call);
    }

    private Response create(Call call) {
        ShareRequest request = ShareRequest.read(call.json());
        Account account = call.account();
        if (request.content().organizationId().isPresent()
                && request.collectionIds().isEmpty()) {
            throw Refusal.invalid("You must select at least one collection.");
        }
        requireOwnershipAllowed(request.content(), account);
        Item fresh = Item.make(vault.newId(), account.id, vault.now());
        return userAnswer(shareInto(fresh, request, account), call);
    }

    /** An item with the collections it shall be in. */
    private record ShareRequest(ItemContent content, List<String> collectionIds) {

        static ShareRequest read(Json body) {
            return new ShareRequest(ItemContent.read(body.object("cipher")), body.texts("collectionIds"));
        }
    }

    private Response share(Call call) {
        ShareRequest request = ShareRequest.read(call.json());
        Item item = writable(call.variable("item"), call.account(), "Cipher is not write accessible");
        requireUpToDate(item, request.content());
        return userAnswer(shareInto(item, request, call.account()), call);
    }

    /** All is checked before anything is stored, so that nothing half-made is left. */
    private Item shareInto(Item item, ShareRequest request, Account account) {
        SortedSet<String> collectionIds = new TreeSet<>();
        if (request.content().organizationId().isPresent()) {
            Organization organization = vault.organization(
                            request.content().organizationId().get())
                    .orElseThrow(() -> Refusal.invalid("Invalid collection ID provided"));
            for (String id : request.collectionIds()) {
                if (!organization.collections.containsKey(id)) {
                    throw Refusal.invalid("Invalid collection ID provided");
                }
                boolean writable = organization
                        .memberOf(account.id)
                        .filter(member -> rights.mayWriteTo(organization, member, id))
                        .isPresent();
                if (!writable) {
                    throw Refusal.invalid("No rights to modify the collection");
                }
                collectionIds.add(id);
            }
        }
        return store(item.withCollections(collectionIds), request.content(), account, true);
    }

    private Response update(Call call) {
        ItemContent content = ItemContent.read(call.json());
        Item item = writable(call.variable("item"), call.account(), "Cipher is not write accessible");
        requireOwnershipAllowed(content, call.account());
        requireUpToDate(item, content);
        return userAnswer(store(item, content, call.account(), false), call);
    }

    private Response updatePart(Call call) {
        boolean favorite = call.json().flag("favorite");
        Item item = find(call.variable("item"));
        if (rights.accessTo(item, call.account()).isEmpty()) {
            throw Refusal.invalid("Cipher does not exist");
        }
        Item changed = item.withFavorite(call.account().id, favorite);
        vault.replaceItem(changed);
        vault.touch(call.account());
        return userAnswer(changed, call);
    }

    private static void requireUpToDate(Item item, ItemContent content) {
        boolean outdated = content.lastKnownRevision()
                .filter(known -> item.revisedAt().getEpochSecond() - known.getEpochSecond() > 1)
                .isPresent();
        if (outdated) {
            throw Refusal.invalid("The client copy of this cipher is out of date. Resync the client and try again.");
        }
    }

    private void requireOwnershipAllowed(ItemContent content, Account account) {
        if (content.organizationId().isEmpty() && policies.forbidsOwnItems(account)) {
            throw Refusal.invalid(
                    "Due to an Enterprise Policy, you are restricted from saving items to your personal vault.");
        }
    }

    /** Stores an item's content, or refuses it. */
    private Item store(Item item, ItemContent content, Account account, boolean shared) {
        if (item.organizationId() != null
                && content.organizationId()
                        .filter(item.organizationId()::equals)
                        .isEmpty()) {
            throw Refusal.invalid("Organization mismatch. Please resync the client before updating the cipher");
        }
        Optional<Organization> organization = content.organizationId().map(id -> {
            Organization found = vault.organization(id)
                    .filter(o ->
                            o.memberOf(account.id).filter(Member::isConfirmed).isPresent())
                    .orElseThrow(() -> Refusal.invalid("You don't have permission to add item to organization"));
            Member member = found.memberOf(account.id).orElseThrow();
            if (!shared && !rights.hasFullAccess(found, member) && !rights.mayWrite(item, account)) {
                throw Refusal.invalid("You don't have permission to add cipher directly to organization");
            }
            return found;
        });
        content.complaint().ifPresent(refusal -> {
            throw refusal;
        });
        Item stored = item.withContent(
                        content,
                        organization.map(o -> o.id).orElse(null),
                        organization.isPresent() ? null : account.id,
                        vault.now())
                .withFavorite(account.id, content.favorite());
        vault.saveItem(stored);
        touchOwners(stored);
        return stored;
    }

    private void touchOwners(Item item) {
        Optional.ofNullable(item.organizationId())
                .flatMap(vault::organization)
                .ifPresentOrElse(
                        vault::touch,
                        () -> Optional.ofNullable(item.userId())
                                .flatMap(vault::account)
                                .ifPresent(vault::touch));
    }

    // ---- collections of items

    private Item setCollections(Call call) {
        Account account = call.account();
        List<String> wanted = call.json().texts("collectionIds");
        Item item = find(call.variable("item"));
        Organization organization = Optional.ofNullable(item.organizationId())
                .flatMap(vault::organization)
                .orElseThrow(() -> Refusal.invalid("Cipher is not write accessible"));
        Member member =
                organization.memberOf(account.id).orElseThrow(() -> Refusal.invalid("Cipher is not write accessible"));
        boolean mayChange = rights.hasFullAccess(organization, member) || rights.mayWrite(item, account);
        if (!mayChange) {
            throw Refusal.invalid("Collection cannot be changed");
        }
        SortedSet<String> changes = new TreeSet<>(wanted);
        item.collectionIds().stream()
                .filter(id -> rights.accessTo(organization, member, List.of(id)).isPresent())
                .forEach(id -> {
                    // What is both there and wanted does not change.
                    if (!changes.remove(id)) {
                        changes.add(id);
                    }
                });
        Item changed = item;
        for (String id : changes) {
            if (!organization.collections.containsKey(id)) {
                throw Refusal.invalid("Invalid collection ID provided");
            }
            if (!rights.mayWriteTo(organization, member, id)) {
                throw Refusal.invalid("No rights to modify the collection");
            }
            changed = changed.collectionIds().contains(id) ? changed.notInCollection(id) : changed.inCollection(id);
        }
        vault.replaceItem(changed);
        vault.touch(organization);
        return changed;
    }

    private Response setCollectionsAndTell(Call call) {
        Item item = setCollections(call);
        Optional<ItemView> view = rights.viewOf(item, call.account());
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeStringField("object", "optionalCipherDetails");
            json.writeBooleanField("unavailable", view.isEmpty());
            json.writeFieldName("cipher");
            if (view.isPresent()) {
                view.get().write(json, links);
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        });
    }

    private Response setCollectionsOfSeveral(Call call) {
        Json body = call.json();
        List<String> itemIds = body.texts("cipherIds");
        List<String> collectionIds = body.texts("collectionIds");
        boolean remove = body.flag("removeCollections");
        Membership membership = rights.member(call.account(), body.text("organizationId"));
        Organization organization = membership.organization();
        for (String id : collectionIds) {
            if (!organization.collections.containsKey(id)
                    || !rights.mayWriteTo(organization, membership.member(), id)) {
                throw Refusal.hidden();
            }
        }
        // Items that are gone or out of reach are passed over.
        for (String id : itemIds) {
            vault.item(id)
                    .filter(item -> organization.id.equals(item.organizationId()))
                    .filter(item -> rights.mayWrite(item, call.account()))
                    .ifPresent(item -> {
                        Item changed = item;
                        for (String collectionId : collectionIds) {
                            changed =
                                    remove ? changed.notInCollection(collectionId) : changed.inCollection(collectionId);
                        }
                        vault.replaceItem(changed);
                    });
        }
        vault.touch(organization);
        return Response.empty(200);
    }

    // ---- trash and deletion

    private void trash(Item item, Account account) {
        Item trashed = item.withDeletion(vault.now(), vault.now());
        vault.saveItem(trashed);
        touchOwners(trashed);
    }

    private void delete(Item item, Account account) {
        vault.removeItem(item);
        files.discardAllOf(item);
        touchOwners(item);
    }

    private Item restore(Item item) {
        Item restored = item.withDeletion(null, vault.now());
        vault.saveItem(restored);
        touchOwners(restored);
        return restored;
    }

    private Response restoreOne(Call call) {
        Item item = writable(call.variable("item"), call.account(), "Cipher can't be restored by user");
        return userAnswer(restore(item), call);
    }

    private Response restoreSeveral(Call call) {
        List<ItemView> views = new ArrayList<>();
        for (String id : call.json().texts("ids")) {
            Item item = writable(id, call.account(), "Cipher can't be restored by user");
            views.add(userView(restore(item), call.account()));
        }
        return listing(views);
    }

    private Endpoints.Action one(BiConsumer<Item, Account> action) {
        return call -> {
            action.accept(
                    writable(call.variable("item"), call.account(), "Cipher can't be deleted by user"), call.account());
            return Response.empty(200);
        };
    }

    /** One after the other: those before a refused one are done. */
    private Endpoints.Action several(BiConsumer<Item, Account> action) {
        return call -> {
            for (String id : call.json().texts("ids")) {
                action.accept(writable(id, call.account(), "Cipher can't be deleted by user"), call.account());
            }
            return Response.empty(200);
        };
    }

    private Response purge(Call call) {
        passwords.require(call.account(), call.json());
        Optional<String> organizationId = call.request().parameter("organizationId");
        if (organizationId.isPresent()) {
            Organization organization =
                    rights.member(call.account(), organizationId.get()).organization();
            if (rights.member(call.account(), organization.id).member().role != Role.OWNER) {
                throw Refusal.invalid("You don't have permission to purge the organization vault");
            }
            removeAllOf(organization);
            vault.touch(organization);
        } else {
            vault.allItemsById().stream()
                    .filter(item -> call.account().id.equals(item.userId()))
                    .forEach(item -> delete(item, call.account()));
        }
        return Response.empty(200);
    }

    void removeAllOf(Organization organization) {
        for (Item item : vault.itemsOf(organization)) {
            vault.removeItem(item);
            files.discardAllOf(item);
        }
    }

    Item find(String id) {
        return vault.item(id).orElseThrow(() -> Refusal.invalid("Cipher doesn't exist"));
    }

    /** An item that the account may change, or a refusal. */
    Item writable(String id, Account account, String otherwise) {
        Item item = find(id);
        if (!rights.mayWrite(item, account)) {
            throw Refusal.invalid(otherwise);
        }
        return item;
    }

    // ---- import

    /** The whole import, read before anything is done. */
    private record ImportRequest(List<ItemContent> items, List<ImportCollection> collections, List<int[]> links) {

        record ImportCollection(Optional<String> id, String name, Optional<String> externalId) {

            static ImportCollection read(Json json) {
                // They are asked for and then not used.
                json.objects("groups", Selection::read);
                json.objects("users", Selection::read);
                return new ImportCollection(
                        json.optionalText("id"),
                        json.text("name"),
                        json.optionalText("externalId").filter(id -> !id.isBlank()));
            }
        }

        private static final ObjectReader ELEMENT =
                Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        /** Item by item, so that a long import does not stand in memory as one tree. */
        static ImportRequest read(byte[] body) {
            List<ItemContent> items = null;
            List<ImportCollection> collections = null;
            List<int[]> links = null;
            try (JsonParser parser = Json.MAPPER.getFactory().createParser(body)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw Refusal.unprocessable();
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    switch (parser.currentName()) {
                        case "ciphers" -> items = readArray(parser, ItemContent::read);
                        case "collections" -> collections = readArray(parser, ImportCollection::read);
                        case "collectionRelationships" ->
                            links = readArray(parser, json -> new int[] {json.number("key"), json.number("value")});
                        default -> {
                            parser.nextToken();
                            parser.skipChildren();
                        }
                    }
                }
            } catch (JsonProcessingException e) {
                throw Refusal.malformed();
            } catch (IOException e) {
                throw new IllegalStateException("reading from memory does not fail", e);
            }
            if (items == null || collections == null || links == null) {
                throw Refusal.unprocessable();
            }
            return new ImportRequest(items, collections, links);
        }

        private static <T> List<T> readArray(JsonParser parser, java.util.function.Function<Json, T> reader)
                throws IOException {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Refusal.unprocessable();
            }
            List<T> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonNode element = ELEMENT.readTree(parser);
                elements.add(reader.apply(Json.of(element)));
            }
            return elements;
        }
    }

    /**
     * Stores the items one after the other and then, one after the other, the links. An item that the server refuses is
     * left out without a word; a link to it ends the call with an error, with all items and the links before it stored.
     */
    private Response importIntoOrganization(Call call) {
        Account account = call.account();
        String organizationId = call.request().parameter("organizationId").orElseThrow(Refusal::noSuchEndpoint);
        vault.read(() -> rights.member(account, organizationId));
        ImportRequest request = ImportRequest.read(call.body());
        requireWellFormed(request.items());
        List<String> collectionIds = vault.write(() -> importCollections(account, organizationId, request));

        List<String> itemIds = new ArrayList<>(request.items().size());
        for (ItemContent content : request.items()) {
            itemIds.add(vault.write(() -> importItem(content, account)));
        }
        call.halfway().run();
        for (int[] link : request.links()) {
            boolean inRange =
                    link[0] >= 0 && link[0] < itemIds.size() && link[1] >= 0 && link[1] < collectionIds.size();
            if (!inRange) {
                throw Refusal.broken();
            }
            vault.write(() -> importLink(itemIds.get(link[0]), collectionIds.get(link[1])));
        }
        vault.write(() -> {
            vault.organization(organizationId).ifPresent(vault::touch);
            return null;
        });
        return Response.empty(200);
    }

    private static void requireWellFormed(List<ItemContent> items) {
        ObjectNode errors = Json.object();
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).formErrors().isEmpty()) {
                ArrayNode messages = errors.putArray("Ciphers[" + i + "].Notes");
                items.get(i).formErrors().forEach(messages::add);
            }
        }
        if (!errors.isEmpty()) {
            ObjectNode body = Json.object();
            body.put("message", "The model state is invalid.");
            body.set("validationErrors", errors);
            body.put("object", "error");
            throw Refusal.special(body);
        }
    }

    private List<String> importCollections(Account account, String organizationId, ImportRequest request) {
        Membership membership = rights.member(account, organizationId);
        Organization organization = membership.organization();
        Member member = membership.member();
        boolean fullAccess = rights.hasFullAccess(organization, member);
        List<String> ids = new ArrayList<>();
        for (ImportRequest.ImportCollection collection : request.collections()) {
            Optional<String> known = collection.id().filter(organization.collections::containsKey);
            if (known.isPresent()) {
                Optional<Access> access = rights.accessTo(organization, member, List.of(known.get()));
                if (access.isEmpty()) {
                    throw Refusal.invalid("The current user isn't allowed to manage this collection");
                }
                ids.add(known.get());
            } else {
                if (!fullAccess) {
                    throw Refusal.invalid("The current user isn't allowed to create new collections");
                }
                OrganizationCollection made = new OrganizationCollection(
                        vault.newId(),
                        collection.name(),
                        collection.externalId().orElse(null));
                organization.collections.put(made.id(), made);
                ids.add(made.id());
            }
        }
        return ids;
    }

    private String importItem(ItemContent content, Account account) {
        Item fresh = Item.make(vault.newId(), account.id, vault.now());
        try {
            store(fresh, content, account, true);
        } catch (Refusal refusal) {
            if (refusal.kind() == Refusal.Kind.BROKEN) {
                throw refusal;
            }
        }
        return fresh.id();
    }

    private Item importLink(String itemId, String collectionId) {
        Item item = vault.item(itemId).orElseThrow(() -> Refusal.invalid("Error adding cipher to collection"));
        Item linked = item.inCollection(collectionId);
        vault.replaceItem(linked);
        return linked;
    }
}
