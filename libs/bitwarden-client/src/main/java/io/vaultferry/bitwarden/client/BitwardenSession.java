package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.InvalidKeyException;
import io.vaultferry.bitwarden.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What one account can read and write on one server. Thread-safe.
 *
 * <p>Every method throws one of {@link BitwardenException}. A method that reads repeats what failed fleetingly by
 * itself; one that writes sends its request once. An access token that is about to expire or is rejected is renewed and
 * the request sent with the new one; the rejected one was not carried out.
 */
public final class BitwardenSession {
    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofSeconds(30);
    private static final int LARGEST_BATCH_OF_IDS = 500;
    private static final int FREE_PLAN = 0;

    private final BitwardenServer server;
    private final ApiCaller caller;
    private final AccessTokens tokens;
    private final ClientSettings settings;

    BitwardenSession(BitwardenServer server, ApiCaller caller, AccessTokens tokens, ClientSettings settings) {
        this.server = server;
        this.caller = caller;
        this.tokens = tokens;
        this.settings = settings;
    }

    /** The same account on the same server, with requests that wait for their turn: those to wherever links lead too. */
    public BitwardenSession withPace(Pace pace) {
        return new BitwardenSession(server, caller.withPace(pace), tokens, settings);
    }

    /**
     * Waits for the turn of the next request now. For who notes that a request is sent before it is: the note would be old
     * when the request leaves.
     */
    public void awaitTurn() {
        caller.prepare("ask for a turn", server.api("/"));
    }

    // --- Reading ---

    public Profile profile() {
        return read("read the account's profile", "/accounts/profile", object(Answers::profile));
    }

    /** Only for owners. */
    public Organization organization(OrganizationId organization) {
        return read("read the organization", path(organization), object(Answers::organization));
    }

    /** With the access of groups and members; see {@link Collection} for what Vaultwarden makes of it. */
    public List<Collection> collections(OrganizationId organization) {
        return read("list the collections", path(organization) + "/collections/details", list(Answers::collection));
    }

    /** With their collections and members. */
    public List<Group> groups(OrganizationId organization) {
        List<JsonObject> groups =
                read("list the groups", path(organization) + "/groups/details", list(Function.identity()));
        Map<GroupId, List<MemberId>> members = new HashMap<>();
        if (!server.profile().membersAreReadPerGroup() && !groups.isEmpty()) {
            for (Member member : members(organization)) {
                member.groups()
                        .forEach(group -> members.computeIfAbsent(group, g -> new ArrayList<>())
                                .add(member.id()));
            }
        } else {
            for (JsonObject group : groups) {
                GroupId id = Ids.read(group.text("id"), GroupId::new);
                members.put(id, membersOf(organization, id));
            }
        }
        return groups.stream()
                .map(group ->
                        Answers.group(group, members.getOrDefault(Ids.read(group.text("id"), GroupId::new), List.of())))
                .toList();
    }

    private List<MemberId> membersOf(OrganizationId organization, GroupId group) {
        return read("list the members of a group", path(organization) + "/groups/" + group + "/users", body -> {
            if (JsonTree.read(body) instanceof List<?> ids) {
                return ids.stream()
                        .map(id -> Ids.read(String.valueOf(id), MemberId::new))
                        .toList();
            }
            throw new ProtocolViolationException("The answer is no list of members.");
        });
    }

    /** With their collections and groups, whatever their status. */
    public List<Member> members(OrganizationId organization) {
        List<Member> members = read(
                "list the members",
                path(organization) + "/users?includeCollections=true&includeGroups=true",
                list(Answers::member));
        boolean complete = server.profile().showsAccessOfUnconfirmedMembers()
                || members.stream().allMatch(member -> member.status() == MemberStatus.CONFIRMED);
        return complete ? members : withAccessOfUnconfirmed(organization, members);
    }

    /** Vaultwarden keeps what people will have once they are confirmed, and shows it in the listing of collections only. */
    private List<Member> withAccessOfUnconfirmed(OrganizationId organization, List<Member> members) {
        Map<MemberId, List<Access<CollectionId>>> access = new HashMap<>();
        for (Collection collection : collections(organization)) {
            collection
                    .members()
                    .forEach(given -> access.computeIfAbsent(given.id(), member -> new ArrayList<>())
                            .add(new Access<>(
                                    collection.id(), given.readOnly(), given.hidePasswords(), given.manage())));
        }
        return members.stream()
                .map(member -> member.status() == MemberStatus.CONFIRMED
                                || !member.collections().isEmpty()
                        ? member
                        : member.withCollections(access.getOrDefault(member.id(), List.of())))
                .toList();
    }

    /** Those that were ever set. */
    public List<Policy> policies(OrganizationId organization) {
        return read("list the policies", path(organization) + "/policies", list(Answers::policy));
    }

    /** All of them, in memory; {@link #forEachItem} takes them one by one. */
    public List<Item> items(OrganizationId organization) {
        List<Item> items = new ArrayList<>();
        forEachItem(organization, items::add);
        return items;
    }

    /**
     * Takes every item of the organization as it arrives, those in the trash and those in no collection too.
     *
     * <p>When it throws, the consumer may have seen a part of them, and the whole has to be listed again.
     */
    public void forEachItem(OrganizationId organization, Consumer<Item> consumer) {
        authorized(
                call(
                        "list the items",
                        Call.Effect.NONE,
                        "GET",
                        "/ciphers/organization-details?organizationId=" + organization,
                        Payload.NONE,
                        settings.bulkTimeout()),
                call -> caller.callForListing(call, body -> {
                    JsonTree.forEach(body, "data", item -> consumer.accept(Item.of(item)));
                    return null;
                }));
    }

    public Item item(ItemId item) {
        Decoder<Item> decoder =
                body -> Item.of(BitwardenServer.json(body, "item").tree());
        try {
            // Only this one has the collections on the official server.
            return read("read an item", path(item) + "/details", decoder);
        } catch (NotFoundException e) {
            return read("read an item", path(item), decoder);
        }
    }

    /**
     * An account's public key.
     *
     * @throws ProtocolViolationException when the server hands out something that is no usable key
     */
    public PublicKey publicKey(UserId user) {
        return read(
                "read an account's public key",
                "/users/" + user + "/public-key",
                object(json -> publicKey(json.text("publicKey"))));
    }

    /**
     * The public keys of members who have accepted; those who have none that is usable, or are in another state, are
     * missing.
     */
    public Map<MemberId, PublicKey> publicKeys(OrganizationId organization, List<MemberId> members) {
        Payload payload = Payload.json(JsonTree.object("ids", texts(members)));
        List<JsonObject> answers = authorized(
                call(
                        "read public keys of members",
                        Call.Effect.NONE,
                        "POST",
                        path(organization) + "/users/public-keys",
                        payload,
                        settings.requestTimeout()),
                call -> caller.call(call, list(Function.identity())));
        Map<MemberId, PublicKey> keys = new LinkedHashMap<>();
        for (JsonObject answer : answers) {
            answer.filledText("key")
                    .flatMap(BitwardenSession::usablePublicKey)
                    .ifPresent(key -> keys.put(Ids.read(answer.text("id"), MemberId::new), key));
        }
        return keys;
    }

    /** One member's odd key must not keep the others from being confirmed. */
    private static Optional<PublicKey> usablePublicKey(String base64) {
        try {
            return Optional.of(PublicKey.fromBase64(base64));
        } catch (InvalidKeyException e) {
            return Optional.empty();
        }
    }

    private static PublicKey publicKey(String base64) {
        try {
            return PublicKey.fromBase64(base64);
        } catch (InvalidKeyException e) {
            throw new ProtocolViolationException("The server hands out a public key that is none.");
        }
    }

    // --- The organization ---

    /** On the free plan; the server makes a first collection with it. Not possible on official self-hosted servers. */
    public OrganizationId createOrganization(NewOrganization request) {
        Map<String, Object> body = JsonTree.object(
                "name", request.name(),
                "billingEmail", request.billingEmail(),
                "planType", FREE_PLAN,
                "key", request.key().text(),
                "keys",
                        JsonTree.object(
                                "publicKey", request.publicKey().base64(),
                                "encryptedPrivateKey",
                                        request.wrappedPrivateKey().text()),
                "collectionName", request.firstCollectionName().text());
        return write("create an organization", "POST", "/organizations", body, id(OrganizationId::new));
    }

    /** @param masterPasswordHash see {@link BitwardenServer#masterPasswordHash} */
    public void deleteOrganization(OrganizationId organization, String masterPasswordHash) {
        write(
                "delete the organization",
                "DELETE",
                path(organization),
                JsonTree.object("masterPasswordHash", masterPasswordHash),
                Decoder.ignoring());
    }

    // --- Collections ---

    public CollectionId createCollection(
            OrganizationId organization,
            EncString name,
            Optional<String> externalId,
            List<Access<GroupId>> groups,
            List<Access<MemberId>> members) {
        return write(
                "create a collection",
                "POST",
                path(organization) + "/collections",
                collection(name, externalId, groups, members),
                id(CollectionId::new));
    }

    /** Groups and members are complete lists: access that is missing in them is taken away. */
    public void updateCollection(
            OrganizationId organization,
            CollectionId collection,
            EncString name,
            Optional<String> externalId,
            List<Access<GroupId>> groups,
            List<Access<MemberId>> members) {
        write(
                "change a collection",
                "PUT",
                path(organization) + "/collections/" + collection,
                collection(name, externalId, groups, members),
                Decoder.ignoring());
    }

    /** Its items stay, in no collection when they were in no other. Vaultwarden answers 401 when it does not exist. */
    public void deleteCollection(OrganizationId organization, CollectionId collection) {
        writeWithoutBody("delete a collection", "DELETE", path(organization) + "/collections/" + collection);
    }

    private static Map<String, Object> collection(
            EncString name, Optional<String> externalId, List<Access<GroupId>> groups, List<Access<MemberId>> members) {
        return JsonTree.object(
                "name", name.text(),
                "externalId", externalId.orElse(null),
                "groups", access(groups),
                "users", access(members));
    }

    // --- Groups ---

    public GroupId createGroup(OrganizationId organization, GroupRequest request) {
        return write("create a group", "POST", path(organization) + "/groups", group(request), id(GroupId::new));
    }

    public void updateGroup(OrganizationId organization, GroupId group, GroupRequest request) {
        write("change a group", "PUT", path(organization) + "/groups/" + group, group(request), Decoder.ignoring());
    }

    public void deleteGroup(OrganizationId organization, GroupId group) {
        writeWithoutBody("delete a group", "DELETE", path(organization) + "/groups/" + group);
    }

    private static Map<String, Object> group(GroupRequest request) {
        return JsonTree.object(
                "name", request.name(),
                "accessAll", request.accessAll(),
                "externalId", request.externalId().orElse(null),
                "collections", access(request.collections()),
                "users", texts(request.members()));
    }

    // --- Members ---

    /**
     * Invites one person. A server that sends mail sends one that cannot be taken back. No id is answered: list the
     * members for it. On the official server, inviting someone who is a member already does nothing.
     */
    public void invite(OrganizationId organization, Invitation invitation) {
        write(
                "invite a member",
                "POST",
                path(organization) + "/users/invite",
                JsonTree.object(
                        "emails", List.of(invitation.email()),
                        "type", invitation.role().codeToSend(),
                        "permissions", invitation.permissions(),
                        "collections", access(invitation.collections()),
                        "groups", texts(invitation.groups()),
                        "accessSecretsManager", false),
                Decoder.ignoring());
    }

    public void updateMember(OrganizationId organization, MemberId member, MemberUpdate update) {
        write(
                "change a member",
                "PUT",
                path(organization, member),
                JsonTree.object(
                        "type", update.role().codeToSend(),
                        "permissions", update.permissions(),
                        "collections", access(update.collections()),
                        "groups", texts(update.groups()),
                        "accessSecretsManager", false),
                Decoder.ignoring());
    }

    /** @param key the organization's key, wrapped for the member's public key */
    public void confirm(OrganizationId organization, MemberId member, EncString key) {
        write(
                "confirm a member",
                "POST",
                path(organization, member) + "/confirm",
                JsonTree.object("key", key.text()),
                Decoder.ignoring());
    }

    public void revokeMember(OrganizationId organization, MemberId member) {
        writeWithoutBody("revoke a member", "PUT", path(organization, member) + "/revoke");
    }

    public void restoreMember(OrganizationId organization, MemberId member) {
        writeWithoutBody("restore a member", "PUT", path(organization, member) + "/restore");
    }

    public void removeMember(OrganizationId organization, MemberId member) {
        writeWithoutBody("remove a member", "DELETE", path(organization, member));
    }

    // --- Policies ---

    /**
     * @param type see {@link Policy}
     * @param data as another server stored it
     */
    public void putPolicy(OrganizationId organization, int type, boolean enabled, Optional<Map<String, Object>> data) {
        Map<String, Object> dataOrNull = data.orElse(null);
        // The nested members are for official servers since 2026.4 and Vaultwarden since 1.37, the flat ones for older.
        write(
                "set a policy",
                "PUT",
                path(organization) + "/policies/" + type,
                JsonTree.object(
                        "policy", JsonTree.object("enabled", enabled, "data", dataOrNull),
                        "metadata", null,
                        "enabled", enabled,
                        "data", dataOrNull,
                        "type", type),
                Decoder.ignoring());
    }

    // --- Items ---

    /**
     * Imports many items with one call. The server answers no ids, and a success does not say that all of them arrived:
     * Vaultwarden leaves out items that it does not take. Both have to be found by listing.
     *
     * @param items bodies as from {@link Item#requestBody}
     * @param collectionNames the encrypted names of all collections that the relationships name; they must exist, or
     *     the server makes new ones
     */
    public void importItems(
            OrganizationId organization,
            List<Map<String, Object>> items,
            List<Relationship> relationships,
            Map<CollectionId, EncString> collectionNames) {
        Set<CollectionId> used = new LinkedHashSet<>();
        relationships.forEach(relationship -> used.add(relationship.collection()));
        List<CollectionId> collections = List.copyOf(used);
        Map<CollectionId, Integer> positions = new HashMap<>();
        List<Map<String, Object>> collectionBodies = new ArrayList<>();
        for (CollectionId collection : collections) {
            EncString name = collectionNames.get(collection);
            if (name == null) {
                throw new IllegalArgumentException("The name of collection " + collection + " is missing.");
            }
            positions.put(collection, collectionBodies.size());
            collectionBodies.add(JsonTree.object(
                    "id", collection.value(),
                    "name", name.text(),
                    "externalId", null,
                    "groups", List.of(),
                    "users", List.of()));
        }
        List<Map<String, Object>> links = relationships.stream()
                .map(relationship -> {
                    if (relationship.item() >= items.size()) {
                        throw new IllegalArgumentException("A relationship names an item that is not there.");
                    }
                    return JsonTree.object(
                            "key", relationship.item(), "value", positions.get(relationship.collection()));
                })
                .toList();
        Call call = call(
                "import items",
                Call.Effect.LASTING,
                "POST",
                "/ciphers/import-organization?organizationId=" + organization,
                Payload.json(JsonTree.object(
                        "ciphers", items,
                        "collections", collectionBodies,
                        "collectionRelationships", links)),
                settings.bulkTimeout());
        authorized(call, c -> caller.call(c, Decoder.ignoring()));
    }

    /**
     * @param item a body as from {@link Item#requestBody}
     * @param collections Vaultwarden refuses an item in none here; an import without a relationship makes one
     */
    public ItemId createItem(OrganizationId organization, Map<String, Object> item, List<CollectionId> collections) {
        Map<String, Object> cipher = new LinkedHashMap<>(item);
        cipher.put("organizationId", organization.value());
        // The official server takes an item without a collection only here.
        String path = collections.isEmpty() ? "/ciphers/admin" : "/ciphers/create";
        return write(
                "create an item",
                "POST",
                path,
                JsonTree.object("cipher", cipher, "collectionIds", texts(collections)),
                id(ItemId::new));
    }

    /** The collections are a complete list. */
    public void setItemCollections(ItemId item, List<CollectionId> collections) {
        write(
                "put an item into collections",
                "PUT",
                path(item) + "/collections-admin",
                JsonTree.object("collectionIds", texts(collections)),
                Decoder.ignoring());
    }

    /** Puts items into the trash: in batches, or one by one where the server knows no call for many. */
    public void trashItems(OrganizationId organization, List<ItemId> items) {
        for (List<ItemId> batch : batches(items)) {
            try {
                write(
                        "put items into the trash",
                        "PUT",
                        "/ciphers/delete-admin",
                        JsonTree.object("ids", texts(batch), "organizationId", organization.value()),
                        Decoder.ignoring());
            } catch (NotFoundException e) {
                batch.forEach(item -> writeWithoutBody("put an item into the trash", "PUT", path(item) + "/delete"));
            }
        }
    }

    /** Deletes items for good, with their attachments. */
    public void deleteItems(OrganizationId organization, List<ItemId> items) {
        for (List<ItemId> batch : batches(items)) {
            Map<String, Object> body = JsonTree.object("ids", texts(batch), "organizationId", organization.value());
            try {
                write("delete items", "DELETE", "/ciphers/admin", body, Decoder.ignoring());
            } catch (NotFoundException e) {
                write("delete items", "POST", "/ciphers/delete", body, Decoder.ignoring());
            }
        }
    }

    private static List<List<ItemId>> batches(List<ItemId> items) {
        List<List<ItemId>> batches = new ArrayList<>();
        for (int i = 0; i < items.size(); i += LARGEST_BATCH_OF_IDS) {
            batches.add(items.subList(i, Math.min(items.size(), i + LARGEST_BATCH_OF_IDS)));
        }
        return batches;
    }

    // --- Attachments ---

    /**
     * Makes a place for a file. It is listed from now on, whether the bytes follow or not.
     *
     * @param encryptedSize of the bytes that will follow; servers refuse others
     */
    public AttachmentSlot createAttachment(ItemId item, EncString key, EncString fileName, long encryptedSize) {
        Map<String, Object> body = JsonTree.object(
                "key",
                key.text(),
                "fileName",
                fileName.text(),
                "fileSize",
                encryptedSize,
                // The official server answers 500 to "true" on all databases but one (bitwarden/server#7062).
                "adminRequest",
                false);
        return write(
                "make a place for a file",
                "POST",
                path(item) + "/attachment/v2",
                body,
                object(json -> slot(item, Ids.read(json.text("attachmentId"), AttachmentId::new), json)));
    }

    /**
     * Where the bytes of a file go whose place was made earlier. Only servers that may send them elsewhere are asked.
     *
     * @throws NotFoundException when the server takes no bytes for it any more
     */
    public AttachmentSlot attachmentSlot(ItemId item, AttachmentId attachment) {
        ServerProfile profile = server.profile();
        if (profile.saysAgainWhereUploadsGo()) {
            try {
                return read(
                        "ask where to send a file",
                        path(item, attachment) + "/renew",
                        object(json -> slot(item, attachment, json)));
            } catch (NotFoundException e) {
                // So they answer, too, when they have seen the bytes. What goes to themselves may be sent again.
                if (profile.attachmentUploadKind() != UploadKind.DIRECT) {
                    throw e;
                }
            }
        }
        return new AttachmentSlot(item, attachment, UploadKind.DIRECT, "");
    }

    private static AttachmentSlot slot(ItemId item, AttachmentId attachment, JsonObject json) {
        return new AttachmentSlot(item, attachment, UploadKind.of(json.integer("fileUploadType")), json.text("url"));
    }

    /**
     * Sends the bytes of a file as a stream, holding one buffer of it. The stream is read on the caller's thread and not
     * closed. Sending the same file again overwrites it.
     *
     * @param fileName as given to {@link #createAttachment}
     * @throws UncheckedIOException when the content itself fails or has another length; whatever unchecked exception
     *     the content throws leaves unchanged. The request was then broken off before its end
     * @throws UnavailableException also when the access token was rejected and has been renewed: with a delay of zero, since
     *     the file may be sent again at once
     * @throws RefusedException also when the slot's kind is not supported
     */
    public void uploadAttachment(AttachmentSlot slot, EncString fileName, InputStream content, long length) {
        switch (slot.kind()) {
            case DIRECT -> uploadDirectly(slot, fileName, content, length);
            case SIGNED_ADDRESS, UNKNOWN ->
                throw new RefusedException(
                        "send the bytes of a file", 0, "it wants them in a way that is not supported", List.of());
        }
    }

    private void uploadDirectly(AttachmentSlot slot, EncString fileName, InputStream content, long length) {
        FormUpload upload = new FormUpload(fileName.text(), content, length);
        Call call = new Call(
                "send the bytes of a file",
                Call.Effect.LASTING,
                "POST",
                server.api(path(slot.item(), slot.id())),
                Optional.empty(),
                Payload.file(upload),
                settings.requestTimeout(),
                true);
        AccessToken token = freshToken();
        try {
            caller.call(call.withToken(token), Decoder.ignoring());
        } catch (UnauthorizedException e) {
            if (e.status() == 401 && !tokens.renew(token).reveal().equals(token.reveal())) {
                throw new UnavailableException(
                        call.attempt(), "the access token was rejected and has been renewed", Duration.ZERO);
            }
            throw e;
        } catch (UnknownOutcomeException | UnavailableException e) {
            throw upload.contentFailure().map(BitwardenSession::unchecked).orElse(e);
        }
    }

    private static RuntimeException unchecked(Exception failure) {
        return switch (failure) {
            case RuntimeException unchecked -> unchecked;
            case IOException io -> new UncheckedIOException(io);
            default -> new IllegalStateException(failure);
        };
    }

    /** To be asked for right before the download: the link lives for minutes. */
    public AttachmentLink attachmentLink(ItemId item, AttachmentId attachment) {
        return read(
                "ask for a file",
                path(item, attachment),
                object(json -> new AttachmentLink(item, attachment, link(json.text("url")))));
    }

    private URI link(String url) {
        try {
            URI uri = new URI(url);
            return uri.isAbsolute() ? uri : server.api("/" + url.replaceFirst("^/+", ""));
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            throw new ProtocolViolationException("The server's link to a file is no address.");
        }
    }

    /**
     * Fetches a file. The access token does not go with it, wherever the link leads.
     *
     * @throws NotFoundException when the bytes are not there, or the link has expired: ask for a new one
     * @throws ForbiddenTargetException when the link leads where the outbound guard lets nothing go
     */
    public Download download(AttachmentLink link) {
        Call call = new Call(
                "download a file",
                Call.Effect.NONE,
                "GET",
                link.url(),
                Optional.empty(),
                Payload.NONE,
                settings.requestTimeout(),
                true);
        try {
            HttpAnswer answer = caller.open(call);
            return new Download(answer.body(), answer.length());
        } catch (UnauthorizedException e) {
            throw new NotFoundException(call.attempt());
        }
    }

    public void deleteAttachment(ItemId item, AttachmentId attachment) {
        writeWithoutBody("delete a file", "DELETE", path(item, attachment));
    }

    // --- Sending ---

    private <T> T read(String attempt, String path, Decoder<T> decoder) {
        Call call = call(attempt, Call.Effect.NONE, "GET", path, Payload.NONE, settings.requestTimeout());
        return authorized(call, c -> caller.call(c, decoder));
    }

    private <T> T write(String attempt, String method, String path, Map<String, Object> body, Decoder<T> decoder) {
        Call call = call(attempt, Call.Effect.LASTING, method, path, Payload.json(body), settings.requestTimeout());
        return authorized(call, c -> caller.call(c, decoder));
    }

    private void writeWithoutBody(String attempt, String method, String path) {
        Call call = call(attempt, Call.Effect.LASTING, method, path, Payload.NONE, settings.requestTimeout());
        authorized(call, c -> caller.call(c, Decoder.ignoring()));
    }

    private Call call(
            String attempt, Call.Effect effect, String method, String path, Payload payload, Duration answerWithin) {
        return new Call(attempt, effect, method, server.api(path), Optional.empty(), payload, answerWithin);
    }

    private <T> T authorized(Call call, Function<Call, T> send) {
        AccessToken token = freshToken();
        try {
            return send.apply(call.withToken(token));
        } catch (UnauthorizedException e) {
            if (e.status() != 401) {
                throw e;
            }
            AccessToken renewed = tokens.renew(token);
            if (renewed.reveal().equals(token.reveal())) {
                throw e;
            }
            return send.apply(call.withToken(renewed));
        }
    }

    private AccessToken freshToken() {
        AccessToken token = tokens.current();
        return token.expiresWithin(RENEW_BEFORE_EXPIRY) ? tokens.renew(token) : token;
    }

    // --- Bodies and paths ---

    private static <T> Decoder<T> object(Function<JsonObject, T> reading) {
        return body -> reading.apply(BitwardenServer.json(body, "body"));
    }

    private static <T> Decoder<List<T>> list(Function<JsonObject, T> reading) {
        return object(json -> {
            if (!json.has("data")) {
                throw new ProtocolViolationException("The answer lacks the list 'data'.");
            }
            return json.objects("data").stream().map(reading).toList();
        });
    }

    private static <T extends Id> Decoder<T> id(Function<String, T> constructor) {
        return object(json -> Ids.read(json.text("id"), constructor));
    }

    private static <T extends Id> List<Map<String, Object>> access(List<Access<T>> accesses) {
        return accesses.stream()
                .map(access -> JsonTree.object(
                        "id", access.id().value(),
                        "readOnly", access.readOnly(),
                        "hidePasswords", access.hidePasswords(),
                        "manage", access.manage()))
                .toList();
    }

    private static List<String> texts(List<? extends Id> ids) {
        return ids.stream().map(Id::value).toList();
    }

    private static String path(OrganizationId organization) {
        return "/organizations/" + organization;
    }

    private static String path(OrganizationId organization, MemberId member) {
        return path(organization) + "/users/" + member;
    }

    private static String path(ItemId item) {
        return "/ciphers/" + item;
    }

    private static String path(ItemId item, AttachmentId attachment) {
        return path(item) + "/attachment/" + attachment;
    }
}
