package io.vaultferry.bitwarden.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** From the JSON of answers to this client's types. */
final class Answers {
    private Answers() {}

    static Attachment attachment(JsonObject json) {
        return new Attachment(
                Ids.read(json.text("id"), AttachmentId::new),
                json.filledText("key"),
                json.optionalText("fileName").orElse(""),
                json.optionalLong("size").orElse(0));
    }

    static Profile profile(JsonObject json) {
        return new Profile(
                Ids.read(json.text("id"), UserId::new),
                json.text("email"),
                json.filledText("name"),
                json.flag("twoFactorEnabled"),
                json.objects("organizations").stream().map(Answers::membership).toList());
    }

    private static OrganizationMembership membership(JsonObject json) {
        return new OrganizationMembership(
                Ids.read(json.text("id"), OrganizationId::new),
                json.text("name"),
                Ids.read(json.text("organizationUserId"), MemberId::new),
                MemberRole.ofCode(json.integer("type")),
                MemberStatus.ofCode(json.integer("status")),
                json.flag("enabled"),
                json.flag("useGroups"),
                json.flag("usePolicies"),
                json.has("providerId"),
                json.filledText("key"));
    }

    static Organization organization(JsonObject json) {
        return new Organization(
                Ids.read(json.text("id"), OrganizationId::new),
                json.text("name"),
                json.optionalText("billingEmail").orElse(""),
                json.flag("useGroups"),
                json.flag("usePolicies"),
                json.optionalInteger("seats"),
                json.optionalInteger("maxCollections"),
                json.optionalInteger("maxStorageGb"),
                json.flag("limitCollectionCreation"),
                json.flag("limitCollectionDeletion"),
                json.flag("limitItemDeletion"),
                json.flag("allowAdminAccessToAllCollectionItems"),
                json.tree());
    }

    static Collection collection(JsonObject json) {
        return new Collection(
                Ids.read(json.text("id"), CollectionId::new),
                json.text("name"),
                json.filledText("externalId"),
                json.optionalInteger("type").orElse(0) != 0,
                access(json, "groups", GroupId::new),
                access(json, "users", MemberId::new));
    }

    static Group group(JsonObject json, List<MemberId> members) {
        return new Group(
                Ids.read(json.text("id"), GroupId::new),
                json.text("name"),
                json.filledText("externalId"),
                json.flag("accessAll"),
                access(json, "collections", CollectionId::new),
                members);
    }

    static Member member(JsonObject json) {
        return new Member(
                Ids.read(json.text("id"), MemberId::new),
                json.filledText("userId").map(text -> Ids.read(text, UserId::new)),
                json.text("email"),
                json.filledText("name"),
                json.filledText("externalId"),
                MemberStatus.ofCode(json.integer("status")),
                MemberRole.ofCode(json.integer("type")),
                json.flag("accessAll"),
                json.flag("twoFactorEnabled"),
                access(json, "collections", CollectionId::new),
                ids(json, "groups", GroupId::new),
                permissions(json));
    }

    /** Null, as absent, means no. */
    private static Map<String, Object> permissions(JsonObject json) {
        Map<String, Object> permissions = new LinkedHashMap<>(json.map("permissions"));
        permissions.values().removeIf(Objects::isNull);
        return Collections.unmodifiableMap(permissions);
    }

    static Policy policy(JsonObject json) {
        return new Policy(
                json.integer("type"), json.flag("enabled"), json.object("data").map(JsonObject::tree));
    }

    static ServerInfo serverInfo(JsonObject config, boolean knownCloud) {
        Optional<String> name = config.object("server").flatMap(server -> server.filledText("name"));
        ServerKind kind;
        if (name.isEmpty()) {
            kind = knownCloud ? ServerKind.BITWARDEN_CLOUD : ServerKind.BITWARDEN_SELF_HOSTED;
        } else {
            kind = name.get().equals("Vaultwarden") ? ServerKind.VAULTWARDEN : ServerKind.OTHER;
        }
        return new ServerInfo(kind, config.text("version"), Optional.empty());
    }

    private static <T extends Id> List<T> ids(JsonObject json, String member, Function<String, T> constructor) {
        return json.texts(member).stream()
                .map(text -> Ids.read(text, constructor))
                .toList();
    }

    private static <T extends Id> List<Access<T>> access(
            JsonObject json, String member, Function<String, T> constructor) {
        return json.objects(member).stream()
                .map(selection -> new Access<>(
                        Ids.read(selection.text("id"), constructor),
                        selection.flag("readOnly"),
                        selection.flag("hidePasswords"),
                        selection.flag("manage")))
                .toList();
    }
}
