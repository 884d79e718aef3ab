package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.ApplyPolicies;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.identity.domain.PolicyOrder;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Sets the policies, after the members: servers do not confirm people who do not comply, and throw out those who no longer
 * do. Setting one is repeatable.
 */
@ApplicationScoped
class ApplyPoliciesHandler implements StepHandler<ApplyPolicies> {

    private final Grants grants;
    private final Staged staged;

    ApplyPoliciesHandler(Grants grants, Staged staged) {
        this.grants = grants;
        this.staged = staged;
    }

    @Override
    public Class<ApplyPolicies> commandType() {
        return ApplyPolicies.class;
    }

    @Override
    public StepReply handle(ApplyPolicies command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            StepOutcomes outcomes = new StepOutcomes();
            for (Policy policy :
                    PolicyOrder.of(staged.snapshot(target, command.snapshot()).policies())) {
                context.checkpoint();
                outcomes.add(apply(policy, target));
            }
            return new StepReply.PoliciesApplied(
                    command.migrationId(),
                    command.attempt(),
                    outcomes.tally(ObjectKind.POLICY),
                    outcomes.store(staged.store(), target.stagingKey(), command.migrationId()));
        }
    }

    private static ObjectOutcome apply(Policy policy, MigrationSession target) {
        String type = String.valueOf(policy.type());
        if (!target.profile().supportsPolicy(policy.type())) {
            return ObjectOutcome.skipped(ObjectKind.POLICY, type, ReasonCode.UNSUPPORTED_BY_TARGET);
        }
        try {
            target.server().putPolicy(target.organization(), policy.type(), policy.enabled(), policy.data());
            return ObjectOutcome.moved(ObjectKind.POLICY, type, type);
        } catch (NotFoundException e) {
            // Older servers know fewer policies than their kind does today.
            return ObjectOutcome.skipped(ObjectKind.POLICY, type, ReasonCode.UNSUPPORTED_BY_TARGET);
        } catch (RefusedException e) {
            return ObjectOutcome.quarantined(ObjectKind.POLICY, type, ReasonCode.REFUSED_BY_TARGET);
        }
    }
}
