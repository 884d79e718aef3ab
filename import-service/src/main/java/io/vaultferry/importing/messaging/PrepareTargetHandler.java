package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.PrepareTarget;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.importing.domain.OrganizationWrite;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Administration;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.OrganizationToCreate;
import io.vaultferry.participant.journal.CreatedObject;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteScope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Adopts the target organization, or creates it and leaves it empty. */
@ApplicationScoped
class PrepareTargetHandler implements StepHandler<PrepareTarget> {

    private final Grants grants;
    private final WriteJournals journals;

    PrepareTargetHandler(Grants grants, WriteJournals journals) {
        this.grants = grants;
        this.journals = journals;
    }

    @Override
    public Class<PrepareTarget> commandType() {
        return PrepareTarget.class;
    }

    @Override
    public StepReply handle(PrepareTarget command, StepContext context) {
        String organization;
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            if (command.create()) {
                organization = create(command, target, context);
            } else {
                Administration.require(target);
                organization = target.organization().value();
            }
        }
        return new StepReply.TargetPrepared(command.migrationId(), command.attempt(), organization, command.create());
    }

    private String create(PrepareTarget command, MigrationSession target, StepContext context) {
        EffectivelyOnceWriter writer = journals.writer(
                WriteScope.of(command.migrationId(), Step.PREPARE_TARGET, WriteKind.ORGANIZATION), target);
        writer.write(
                plan(command, target, writer), UnitLimits.ONE_BY_ONE, new OrganizationWrite(target.server()), context);
        List<CreatedObject> created = new ArrayList<>();
        writer.forEachCreated(created::add);
        if (created.isEmpty()) {
            throw new StepFailureException(FailureCode.CREATION_REFUSED, "organization");
        }
        CreatedObject organization = created.getFirst();
        removeFirstCollection(target.server(), organization, context);
        return organization.targetId();
    }

    private static Iterator<PlannedWrite> plan(
            PrepareTarget command, MigrationSession target, EffectivelyOnceWriter writer) {
        String id = command.migrationId().toString();
        if (writer.recorded().contains(id)) {
            return List.<PlannedWrite>of().iterator();
        }
        OrganizationToCreate wanted = target.toCreate()
                .orElseThrow(() -> new StepFailureException(FailureCode.GRANT_REFUSED, "nothing to create"));
        return List.of(OrganizationWrite.plan(id, wanted)).iterator();
    }

    /** Servers put a collection of their own into a new organization; nothing of the source is called so. */
    private static void removeFirstCollection(BitwardenSession server, CreatedObject created, StepContext context) {
        OrganizationId organization = new OrganizationId(created.targetId());
        String name = OrganizationWrite.firstCollectionIn(created.payload());
        for (Collection collection : server.collections(organization)) {
            if (collection.nameText().equals(name)) {
                context.checkpoint();
                server.deleteCollection(organization, collection.id());
            }
        }
    }
}
