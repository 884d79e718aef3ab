package io.vaultferry.identity.messaging;

import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.InviteMembers;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.journal.WriteJournals;
import jakarta.enterprise.context.ApplicationScoped;

/** Invites the people of the source, and updates those who are in the target organization already. */
@ApplicationScoped
class InviteMembersHandler implements StepHandler<InviteMembers> {

    private final Grants grants;
    private final WriteJournals journals;
    private final Staged staged;

    InviteMembersHandler(Grants grants, WriteJournals journals, Staged staged) {
        this.grants = grants;
        this.journals = journals;
        this.staged = staged;
    }

    @Override
    public Class<InviteMembers> commandType() {
        return InviteMembers.class;
    }

    @Override
    public StepReply handle(InviteMembers command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            Invitations run = new Invitations(
                    staged.snapshot(target, command.snapshot()).members(),
                    staged.translation(target, command.collections(), command.groups()),
                    target,
                    journals,
                    context);
            run.inviteAndUpdate();
            return new StepReply.MembersInvited(
                    command.migrationId(),
                    command.attempt(),
                    run.outcomes().tally(ObjectKind.MEMBER),
                    run.invited(),
                    run.updated(),
                    run.outcomes().store(staged.store(), target.stagingKey(), command.migrationId()));
        }
    }
}
