package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.StepReply.AttachmentsTransferred;
import io.vaultferry.contracts.StepReply.CollectionsImported;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.ItemsImported;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.StepReply.MigrationFinished;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.StepReply.SourceInspected;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.contracts.Tally;

/** What the history says about a completion event, in numbers. */
final class Notes {

    private Notes() {}

    static String of(Completed completed) {
        return switch (completed) {
            case SourceInspected e -> e.server().kind() + " " + e.server().version();
            case TargetInspected e -> e.server().kind() + " " + e.server().version();
            case TargetPrepared e -> e.created() ? "organization created" : "organization adopted";
            case VaultExported e -> e.content().items() + " items in the snapshot";
            case CollectionsImported e -> of(e.tally());
            case GroupsProvisioned e -> of(e.tally());
            case ItemsImported e -> of(e.tally());
            case AttachmentsTransferred e -> of(e.tally()) + ", " + e.bytes() + " bytes";
            case MembersInvited e -> e.invited() + " invited, " + e.updated() + " updated";
            case MembersConfirmed e -> e.confirmed() + " confirmed, " + e.waiting() + " waiting";
            case PoliciesApplied e -> of(e.tally());
            case MigrationVerified e -> of(e.tally()) + ", " + e.differences() + " differences";
            case MigrationFinished e -> e.exceptions() + " exceptions";
        };
    }

    private static String of(Tally tally) {
        return tally.moved() + " moved, " + tally.skipped() + " skipped, " + tally.quarantined() + " quarantined";
    }
}
