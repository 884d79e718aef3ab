package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.bitwarden.client.Invitation;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.participant.journal.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns groups and invitations into the bytes that the journal seals, and back. */
final class IdentityPayloads {

    private IdentityPayloads() {}

    private record AccessWire(String collection, boolean readOnly, boolean hidePasswords, boolean manage) {

        static List<AccessWire> of(List<Access<CollectionId>> access) {
            return access.stream()
                    .map(a -> new AccessWire(a.id().value(), a.readOnly(), a.hidePasswords(), a.manage()))
                    .toList();
        }

        static List<Access<CollectionId>> toAccess(List<AccessWire> wire) {
            return wire.stream()
                    .map(w ->
                            new Access<>(new CollectionId(w.collection()), w.readOnly(), w.hidePasswords(), w.manage()))
                    .toList();
        }
    }

    private record GroupWire(String name, String externalId, boolean accessAll, List<AccessWire> collections) {}

    private record InvitationWire(
            String email,
            MemberRole role,
            Map<String, Object> permissions,
            List<AccessWire> collections,
            List<String> groups) {}

    static byte[] encode(GroupRequest group) {
        return Payload.encode(new GroupWire(
                group.name(), group.externalId().orElse(null), group.accessAll(), AccessWire.of(group.collections())));
    }

    static GroupRequest group(byte[] payload) {
        GroupWire wire = Payload.decode(payload, GroupWire.class);
        return new GroupRequest(
                wire.name(),
                Optional.ofNullable(wire.externalId()),
                wire.accessAll(),
                AccessWire.toAccess(wire.collections()),
                List.of());
    }

    static byte[] encode(Invitation invitation) {
        return Payload.encode(new InvitationWire(
                invitation.email(),
                invitation.role(),
                invitation.permissions(),
                AccessWire.of(invitation.collections()),
                invitation.groups().stream().map(GroupId::value).toList()));
    }

    static Invitation invitation(byte[] payload) {
        InvitationWire wire = Payload.decode(payload, InvitationWire.class);
        return new Invitation(
                wire.email(),
                wire.role(),
                wire.permissions(),
                AccessWire.toAccess(wire.collections()),
                wire.groups().stream().map(GroupId::new).toList());
    }
}
