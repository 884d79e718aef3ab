package io.vaultferry.exporting.messaging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeWriter;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.ReconciliationReader;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepCommand.VerifyMigration;
import io.vaultferry.contracts.StepReply.MigrationVerified;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.participant.documents.Baseline;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import io.vaultferry.testsupport.migration.MovedByHand;
import io.vaultferry.testsupport.migration.OrganizationOnServer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A migration in which this service does its steps and the test does all others. */
final class MigrationByHand implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The step that reports a kind of object. */
    private static final Map<Step, ObjectKind> REPORTS = Map.of(
            Step.IMPORT_COLLECTIONS, ObjectKind.COLLECTION,
            Step.PROVISION_GROUPS, ObjectKind.GROUP,
            Step.IMPORT_ITEMS, ObjectKind.ITEM,
            Step.TRANSFER_ATTACHMENTS, ObjectKind.ATTACHMENT,
            Step.INVITE_MEMBERS, ObjectKind.MEMBER,
            Step.APPLY_POLICIES, ObjectKind.POLICY);

    private final MigrationId id = MigrationId.make();
    private final byte[] stagingKeyBytes = new byte[StagingKey.LENGTH];
    private final ClaimCheckStore store;
    private final OrganizationOnServer source;
    private final OrganizationOnServer target;
    private final MovedByHand moved;
    private final StagingKey stagingKey;
    private ClaimCheck baseline;

    /** With what the target holds now as what was there before. */
    MigrationByHand(ClaimCheckStore store, OrganizationOnServer source, OrganizationOnServer target) {
        this(store, source, target, true);
    }

    private MigrationByHand(
            ClaimCheckStore store, OrganizationOnServer source, OrganizationOnServer target, boolean inspected) {
        RANDOM.nextBytes(stagingKeyBytes);
        this.store = store;
        this.source = source;
        this.target = target;
        this.moved = new MovedByHand(source, target);
        this.stagingKey = StagingKey.takeCopyOf(stagingKeyBytes);
        leave(source.grant(Side.SOURCE, stagingKeyBytes));
        leave(target.grant(Side.TARGET, stagingKeyBytes));
        if (inspected) {
            inspectTarget();
        } else {
            baseline = Baseline.write(store, stagingKey, id, sink -> {});
        }
    }

    /** With a target that is said to have been empty. */
    static MigrationByHand intoNothing(
            ClaimCheckStore store, OrganizationOnServer source, OrganizationOnServer target) {
        return new MigrationByHand(store, source, target, false);
    }

    void leave(Grant grant) {
        GrantingOrchestrator.leave(Participant.EXPORT, id, grant);
    }

    MigrationId id() {
        return id;
    }

    byte[] stagingKeyBytes() {
        return stagingKeyBytes.clone();
    }

    StagingKey stagingKey() {
        return stagingKey;
    }

    OrganizationOnServer source() {
        return source;
    }

    OrganizationOnServer target() {
        return target;
    }

    MovedByHand moved() {
        return moved;
    }

    /** As INSPECT_TARGET does before the first write. */
    void inspectTarget() {
        baseline = Baseline.write(store, stagingKey, id, sink -> {
            for (var collection : target.session().collections(target.id())) {
                sink.add(Baseline.line(collection, stagingKey));
            }
            for (var group : target.session().groups(target.id())) {
                sink.add(Baseline.line(group, stagingKey));
            }
            for (var member : target.session().members(target.id())) {
                sink.add(Baseline.line(member, stagingKey));
            }
            for (var policy : target.session().policies(target.id())) {
                sink.add(Baseline.line(policy, stagingKey));
            }
            for (var item : target.session().items(target.id())) {
                sink.add(Baseline.line(item, stagingKey));
            }
        });
    }

    VaultExported export(ExportVaultHandler handler) {
        return export(handler, new Unhurried(id));
    }

    VaultExported export(ExportVaultHandler handler, StepContext context) {
        return (VaultExported) handler.handle(new ExportVault(id, 1, MigrationOptions.ALL), context);
    }

    Snapshot open(VaultExported exported) {
        return Snapshot.open(store, stagingKey, id, exported.snapshot());
    }

    Verified verify(VerifyMigrationHandler handler, VaultExported exported) {
        return verify(handler, exported, REPORTS.keySet().toArray(Step[]::new));
    }

    /** With the reports of these steps only, as if an operator had left out the others. */
    Verified verify(VerifyMigrationHandler handler, VaultExported exported, Step... reporting) {
        return verify(handler, exported, new Unhurried(id), reporting);
    }

    Verified verify(VerifyMigrationHandler handler, VaultExported exported, StepContext context, Step... reporting) {
        Map<Step, ClaimCheck> documents = new EnumMap<>(Step.class);
        for (Step step : reporting) {
            documents.put(step, report(moved.outcomes(REPORTS.get(step))));
        }
        MigrationVerified reply = (MigrationVerified) handler.handle(
                new VerifyMigration(id, 1, MigrationOptions.ALL, exported.snapshot(), baseline, documents), context);
        List<ReconciliationLine> lines = new ArrayList<>();
        try (ReconciliationReader reader = ReconciliationReader.open(store, stagingKey, id, reply.reconciliation())) {
            reader.forEachRemaining(lines::add);
        }
        return new Verified(reply, lines);
    }

    private ClaimCheck report(List<ObjectOutcome> outcomes) {
        return OutcomeWriter.write(store, stagingKey, id, sink -> {
            for (ObjectOutcome outcome : outcomes) {
                sink.add(outcome);
            }
        });
    }

    /** What VERIFY says. */
    record Verified(MigrationVerified reply, List<ReconciliationLine> lines) {

        /** What is anything but equal, or equal with a remark. */
        List<String> remarkable() {
            return lines.stream()
                    .filter(line ->
                            line.verdict() != Verdict.EQUAL || line.reason().isPresent())
                    .map(line -> line.kind() + " " + line.verdict()
                            + line.reason().map(reason -> " " + reason).orElse("")
                            + line.sourceId().map(id -> " " + id).orElse("")
                            + (line.sourceId().isEmpty()
                                    ? " at target " + line.targetId().orElseThrow()
                                    : ""))
                    .toList();
        }

        Map<ObjectKind, Long> countsOfSource() {
            return lines.stream()
                    .filter(line -> line.sourceId().isPresent())
                    .collect(Collectors.groupingBy(ReconciliationLine::kind, Collectors.counting()));
        }
    }

    @Override
    public void close() {
        store.discard(id);
        stagingKey.close();
        moved.close();
        target.close();
        source.close();
    }
}
