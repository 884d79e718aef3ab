package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ProvisionGroups;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.identity.domain.GroupWrite;
import io.vaultferry.identity.domain.Translation;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Administration;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Creates the groups with their access to collections; two of the same name stay two. */
@ApplicationScoped
class ProvisionGroupsHandler implements StepHandler<ProvisionGroups> {

    private final Grants grants;
    private final WriteJournals journals;
    private final Staged staged;

    ProvisionGroupsHandler(Grants grants, WriteJournals journals, Staged staged) {
        this.grants = grants;
        this.journals = journals;
        this.staged = staged;
    }

    @Override
    public Class<ProvisionGroups> commandType() {
        return ProvisionGroups.class;
    }

    @Override
    public StepReply handle(ProvisionGroups command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            Snapshot snapshot = staged.snapshot(target, command.snapshot());
            StepOutcomes outcomes = new StepOutcomes();
            if (Administration.require(target).useGroups()) {
                provision(command, target, snapshot.groups(), outcomes, context);
            } else {
                for (Group group : snapshot.groups()) {
                    outcomes.add(ObjectOutcome.skipped(
                            ObjectKind.GROUP, group.id().value(), ReasonCode.UNSUPPORTED_BY_TARGET));
                }
            }
            return new StepReply.GroupsProvisioned(
                    command.migrationId(),
                    command.attempt(),
                    outcomes.tally(ObjectKind.GROUP),
                    outcomes.store(staged.store(), target.stagingKey(), command.migrationId()));
        }
    }

    private void provision(
            ProvisionGroups command,
            MigrationSession target,
            List<Group> groups,
            StepOutcomes outcomes,
            StepContext context) {
        Translation translation = staged.translation(target, command.collections(), null);
        EffectivelyOnceWriter writer =
                journals.writer(WriteScope.of(command.migrationId(), Step.PROVISION_GROUPS, WriteKind.GROUP), target);
        Set<String> recorded = writer.recorded();
        List<PlannedWrite> plan = groups.stream()
                .filter(group -> !recorded.contains(group.id().value()))
                .map(group -> GroupWrite.plan(group, translation))
                .toList();
        writer.write(
                plan.iterator(),
                UnitLimits.ONE_BY_ONE,
                new GroupWrite(target.server(), target.organization()),
                context);
        outcomes.addAll(ObjectKind.GROUP, writer);
    }
}
