package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.identity.domain.GroupWrite;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.journal.CreatedObject;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes back PROVISION_GROUPS, the only compensatable step of this service: removes the groups that are still what was sent.
 * Until the members are invited nobody but an operator of the target can have put somebody in.
 */
@ApplicationScoped
class UndoIdentityHandler implements StepHandler<UndoStep> {

    private final Grants grants;
    private final WriteJournals journals;

    UndoIdentityHandler(Grants grants, WriteJournals journals) {
        this.grants = grants;
        this.journals = journals;
    }

    @Override
    public Class<UndoStep> commandType() {
        return UndoStep.class;
    }

    @Override
    public StepReply handle(UndoStep command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            EffectivelyOnceWriter writer = journals.writer(
                    WriteScope.of(command.migrationId(), Step.PROVISION_GROUPS, WriteKind.GROUP), target);
            writer.settle(new GroupWrite(target.server(), target.organization()), context);
            Map<String, Group> there = new HashMap<>();
            target.server()
                    .groups(target.organization())
                    .forEach(group -> there.put(group.id().value(), group));
            List<CreatedObject> created = new ArrayList<>();
            writer.forEachCreated(created::add);
            List<String> sourceIds = new ArrayList<>();
            long removed = 0;
            long kept = 0;
            for (CreatedObject object : created) {
                Group group = there.get(object.targetId());
                if (group == null) {
                    sourceIds.add(object.sourceId());
                } else if (GroupWrite.isAsSent(group, object.payload())) {
                    context.checkpoint();
                    target.server().deleteGroup(target.organization(), new GroupId(object.targetId()));
                    sourceIds.add(object.sourceId());
                    removed++;
                } else {
                    kept++;
                }
            }
            writer.removed(sourceIds, context);
            return new StepReply.StepUndone(command.migrationId(), command.step(), command.attempt(), removed, kept);
        }
    }
}
