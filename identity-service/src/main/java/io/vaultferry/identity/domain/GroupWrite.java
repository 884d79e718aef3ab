package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.participant.journal.Intent;
import io.vaultferry.participant.journal.Listed;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.UnsettledWrite;
import io.vaultferry.participant.journal.WriteAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Creates groups one by one. Their names are plain text that others may use too, so they are recognized by name only. */
public final class GroupWrite implements TargetWrite {

    private final BitwardenSession server;
    private final OrganizationId organization;

    public GroupWrite(BitwardenSession server, OrganizationId organization) {
        this.server = server;
        this.organization = organization;
    }

    /** Says what to send for a group: its members come later, with their invitations. */
    public static PlannedWrite plan(Group group, Translation translation) {
        GroupRequest request = new GroupRequest(
                group.name(),
                group.externalId(),
                group.accessAll(),
                translation.access(group.collections()),
                List.of());
        return new PlannedWrite(group.id().value(), IdentityPayloads.encode(request), group.name());
    }

    /** Whether nobody renamed a group since, gave it more, or put somebody in. */
    public static boolean isAsSent(Group now, byte[] payload) {
        GroupRequest sent = IdentityPayloads.group(payload);
        return now.name().equals(sent.name())
                && (sent.accessAll() || !now.accessAll())
                && new HashSet<>(sent.collections()).containsAll(now.collections())
                && now.members().isEmpty();
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_NAME;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        GroupRequest request = IdentityPayloads.group(unit.getFirst().payload());
        return WriteAnswer.of(
                () -> List.of(server.createGroup(organization, request).value()));
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        for (Group group : server.groups(organization)) {
            found.accept(new Listed(group.name(), group.id().value(), Optional.empty(), ""));
        }
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        for (String id : surplusTargetIds) {
            try {
                server.deleteGroup(organization, new GroupId(id));
            } catch (NotFoundException e) {
                // Gone already, which is what was wanted.
            }
        }
    }
}
