package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Invitation;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.participant.journal.Intent;
import io.vaultferry.participant.journal.Listed;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.UnsettledWrite;
import io.vaultferry.participant.journal.WriteAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Invites people one by one, each once, ever. An organization has at most one membership for an address, so the address
 * recognizes it.
 */
public final class InvitationWrite implements TargetWrite {

    private final BitwardenSession server;
    private final OrganizationId organization;

    public InvitationWrite(BitwardenSession server, OrganizationId organization) {
        this.server = server;
        this.organization = organization;
    }

    /** Says what to send for a person. */
    public static PlannedWrite plan(Member member, Translation translation) {
        Invitation invitation = new Invitation(
                member.email(),
                member.role(),
                member.permissions(),
                translation.access(member.collections()),
                translation.groups(member.groups()));
        return new PlannedWrite(member.id().value(), IdentityPayloads.encode(invitation), normalized(member.email()));
    }

    /** Addresses are compared as servers store them. */
    public static String normalized(String email) {
        return email.trim().toLowerCase(Locale.ROOT);
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_NAME;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        Invitation invitation = IdentityPayloads.invitation(unit.getFirst().payload());
        return WriteAnswer.of(() -> {
            server.invite(organization, invitation);
            return List.of();
        });
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        for (Member member : server.members(organization)) {
            found.accept(new Listed(normalized(member.email()), member.id().value(), Optional.empty(), ""));
        }
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        throw new IllegalStateException("a membership is never a copy of another");
    }
}
