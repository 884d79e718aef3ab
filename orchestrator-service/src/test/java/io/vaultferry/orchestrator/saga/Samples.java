package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.Step;
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
import io.vaultferry.contracts.StepReply.StepFailed;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.contracts.Tally;
import io.vaultferry.contracts.TargetFacts;
import java.util.List;
import java.util.Map;

/** Terms and answers with sensible contents. */
final class Samples {

    static final MigrationId ID = MigrationId.of("0f5f3a52-6a0e-4a6b-9a5d-3b1f6f0f8c11");
    static final MigrationTerms TERMS = new MigrationTerms(false, false, false, MigrationOptions.ALL);
    static final MigrationTerms DRY_RUN = new MigrationTerms(false, true, true, MigrationOptions.ALL);
    static final MigrationTerms APPROVED = new MigrationTerms(true, false, true, MigrationOptions.ALL);
    static final ServerFacts VAULTWARDEN = new ServerFacts("VAULTWARDEN", "2026.6.0");
    static final SourceContent CONTENT = new SourceContent(
            9, 4, 7, Map.of(1, 11L, 2, 4L, 5, 5L), 1, 0, 10, 14, 300_000, 250_000, 1, List.of(1, 2, 6));
    static final TargetFacts UNLIMITED = target(null, null, null);

    private Samples() {}

    static TargetFacts target(Long freeSeats, Long freeCollections, Long storageLeft) {
        return new TargetFacts(
                true,
                List.of(1, 2, 3, 4, 5),
                List.of(0, 1, 2, 6),
                freeSeats,
                freeCollections,
                storageLeft,
                525_000_000,
                0,
                0,
                1,
                0,
                0);
    }

    /** A claim check whose location says what it is. */
    static ClaimCheck document(String name) {
        return new ClaimCheck(ID + "/" + name, "ab".repeat(32), 1_000);
    }

    static StepFailed failed(Step step, int attempt, FailureCode code) {
        return new StepFailed(ID, step, attempt, code, "detail");
    }

    static MembersConfirmed confirmed(int attempt, long waiting) {
        return new MembersConfirmed(ID, attempt, 6 - waiting, waiting, document("confirmed-" + attempt));
    }

    static TargetInspected targetInspected(int attempt, TargetFacts facts) {
        return new TargetInspected(ID, attempt, VAULTWARDEN, facts, document("baseline"));
    }

    /** The completion event of a step when all goes well. */
    static Completed completed(Step step, int attempt) {
        Tally tally = new Tally(5, 0, 0);
        return switch (step) {
            case INSPECT_SOURCE -> new SourceInspected(ID, attempt, VAULTWARDEN, CONTENT);
            case INSPECT_TARGET -> targetInspected(attempt, UNLIMITED);
            case PREPARE_TARGET -> new TargetPrepared(ID, attempt, "d34adb66-fc99-44ab-ae6b-78ef38ce20a5", true);
            case EXPORT_VAULT -> new VaultExported(ID, attempt, document("snapshot"), CONTENT);
            case IMPORT_COLLECTIONS -> new CollectionsImported(ID, attempt, tally, document("collections"));
            case PROVISION_GROUPS -> new GroupsProvisioned(ID, attempt, tally, document("groups"));
            case IMPORT_ITEMS -> new ItemsImported(ID, attempt, tally, document("items"), document("manifest"));
            case TRANSFER_ATTACHMENTS -> new AttachmentsTransferred(ID, attempt, tally, 300_000, document("files"));
            case INVITE_MEMBERS -> new MembersInvited(ID, attempt, tally, 5, 1, document("invited"));
            case CONFIRM_MEMBERS -> confirmed(attempt, 0);
            case APPLY_POLICIES -> new PoliciesApplied(ID, attempt, tally, document("policies"));
            case VERIFY -> new MigrationVerified(ID, attempt, tally, 0, document("reconciliation"));
            case FINISH -> new MigrationFinished(ID, attempt, 0);
        };
    }
}
