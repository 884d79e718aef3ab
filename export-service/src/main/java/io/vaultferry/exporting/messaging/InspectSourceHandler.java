package io.vaultferry.exporting.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.InspectSource;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.exporting.domain.ContentCount;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Administration;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import jakarta.enterprise.context.ApplicationScoped;

/** Counts what the source holds and finds out whether the account may read all of it. */
@ApplicationScoped
class InspectSourceHandler implements StepHandler<InspectSource> {

    private final Grants grants;

    InspectSourceHandler(Grants grants) {
        this.grants = grants;
    }

    @Override
    public Class<InspectSource> commandType() {
        return InspectSource.class;
    }

    @Override
    public StepReply handle(InspectSource command, StepContext context) {
        try (MigrationSession source = grants.open(command.migrationId(), Side.SOURCE)) {
            BitwardenSession server = source.server();
            OrganizationId organization = source.organization();
            Administration.require(source);
            ContentCount count = new ContentCount();
            server.forEachItem(organization, item -> {
                context.checkpoint();
                count.add(item, source.organizationKey());
            });
            if (count.items() > 0 && count.unreadableItems() == count.items()) {
                throw new StepFailureException(FailureCode.KEY_MISMATCH, "none of " + count.items() + " items opens");
            }
            return new StepReply.SourceInspected(
                    command.migrationId(),
                    command.attempt(),
                    new ServerFacts(source.info().kind().name(), source.info().shownVersion()),
                    count.toContent(
                            server.collections(organization).size(),
                            server.groups(organization).size(),
                            server.members(organization).size(),
                            server.policies(organization)));
        }
    }
}
