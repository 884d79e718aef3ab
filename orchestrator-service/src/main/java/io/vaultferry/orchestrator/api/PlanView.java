package io.vaultferry.orchestrator.api;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.orchestrator.saga.MigrationPlan;
import io.vaultferry.orchestrator.saga.MigrationPlan.Notice;
import io.vaultferry.orchestrator.saga.MigrationPlan.PlannedObjects;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What will move, and what cannot.
 *
 * @param possible whether nothing stands against the migration
 * @param seatsNeeded seats that the target needs at most
 * @param floorSeconds what the target's stated limits of request rates cost at least
 */
@Schema(name = "MigrationPlan")
record PlanView(
        boolean possible,
        ServerFacts source,
        ServerFacts target,
        List<PlannedObjects> objects,
        List<LossView> losses,
        List<Notice> notices,
        List<BlockerView> blockers,
        long seatsNeeded,
        long storageNeeded,
        long floorSeconds) {

    /**
     * @param count how many; 0 when only known that there are some
     */
    @Schema(name = "PlannedLoss")
    record LossView(ObjectKind kind, long count, ReasonCode reason, String message, String detail) {}

    @Schema(name = "PlanBlocker")
    record BlockerView(FailureCode code, String message, String detail) {}

    static PlanView of(MigrationPlan plan) {
        return new PlanView(
                plan.blockers().isEmpty(),
                plan.source(),
                plan.target(),
                plan.objects(),
                plan.losses().stream()
                        .map(loss -> new LossView(
                                loss.kind(),
                                loss.count(),
                                loss.reason(),
                                loss.reason().sentence(),
                                loss.detail()))
                        .toList(),
                plan.notices(),
                plan.blockers().stream()
                        .map(blocker ->
                                new BlockerView(blocker.code(), blocker.code().sentence(), blocker.detail()))
                        .toList(),
                plan.seatsNeeded(),
                plan.storageNeeded(),
                plan.floorTime().toSeconds());
    }
}
