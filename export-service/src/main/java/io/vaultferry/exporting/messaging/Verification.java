package io.vaultferry.exporting.messaging;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.VerifyMigration;
import io.vaultferry.exporting.domain.FileComparisons;
import io.vaultferry.exporting.domain.FileContents;
import io.vaultferry.exporting.domain.Findings;
import io.vaultferry.exporting.domain.GroupComparison;
import io.vaultferry.exporting.domain.ItemDigest;
import io.vaultferry.exporting.domain.MemberComparison;
import io.vaultferry.exporting.domain.ObjectComparison;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import io.vaultferry.exporting.domain.ReportedOutcomes;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.Baseline;
import io.vaultferry.participant.documents.BaselineLine;
import io.vaultferry.participant.documents.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One run of VERIFY: the snapshot, what the steps said, and both servers as they are now. */
final class Verification {

    private final VerifyMigration command;
    private final MigrationSession source;
    private final MigrationSession target;
    private final ClaimCheckStore store;
    private final Findings findings;
    private final StepContext context;
    private final ReportedOutcomes outcomes = new ReportedOutcomes();
    private final Map<ObjectKind, Map<String, String>> baseline = new EnumMap<>(ObjectKind.class);

    private long done;
    private long total;
    private long bytesDone;
    private long bytesTotal;

    Verification(
            VerifyMigration command,
            MigrationSession source,
            MigrationSession target,
            ClaimCheckStore store,
            Findings findings,
            StepContext context) {
        this.command = command;
        this.source = source;
        this.target = target;
        this.store = store;
        this.findings = findings;
        this.context = context;
    }

    void run() throws IOException {
        readOutcomes();
        readBaseline();
        Snapshot snapshot = Snapshot.open(store, source.stagingKey(), command.migrationId(), command.snapshot());
        total = (long) snapshot.collections().size()
                + snapshot.groups().size()
                + snapshot.members().size()
                + snapshot.policies().size()
                + outcomes.all(ObjectKind.ITEM).size()
                + outcomes.all(ObjectKind.ATTACHMENT).size();
        verifyCollections(snapshot.collections());
        verifyGroups(snapshot.groups());
        verifyMembers(snapshot.members());
        verifyPolicies(snapshot.policies());
        verifyItems(snapshot);
    }

    private void readOutcomes() {
        // In the order of the steps: what CONFIRM_MEMBERS says of a person replaces what INVITE_MEMBERS said.
        for (Step step : Step.values()) {
            ClaimCheck document = command.outcomes().get(step);
            if (document == null) {
                continue;
            }
            try (OutcomeReader lines =
                    OutcomeReader.open(store, source.stagingKey(), command.migrationId(), document)) {
                lines.forEachRemaining(outcomes::add);
            }
        }
    }

    private void readBaseline() {
        try (Baseline.Lines lines =
                Baseline.open(store, source.stagingKey(), command.migrationId(), command.baseline())) {
            while (lines.hasNext()) {
                BaselineLine line = lines.next();
                baseline.computeIfAbsent(line.kind(), kind -> new HashMap<>()).put(line.targetId(), line.contentHash());
            }
        }
    }

    private boolean ran(Step step) {
        return command.outcomes().containsKey(step);
    }

    private <T> ObjectComparison<T> comparison(ObjectKind kind, boolean moved, Map<String, T> there) {
        return new ObjectComparison<>(kind, moved, outcomes, findings, there);
    }

    private <T> void judgeTheRest(
            ObjectKind kind, ObjectComparison<T> comparison, Function<T, BaselineLine> asBaseline) {
        comparison.judgeTheRest(
                baseline.getOrDefault(kind, Map.of()),
                object -> asBaseline.apply(object).contentHash());
    }

    private void advance() {
        context.checkpoint();
        done++;
        context.progress(done, Math.max(done, total), bytesDone, Math.max(bytesDone, bytesTotal));
    }

    private void verifyCollections(List<Collection> expected) {
        Map<String, Collection> there = byId(
                target.server().collections(target.organization()),
                collection -> collection.id().value());
        ObjectComparison<Collection> comparison =
                comparison(ObjectKind.COLLECTION, ran(Step.IMPORT_COLLECTIONS), there);
        for (Collection here : expected) {
            comparison.judge(here.id().value(), (outcome, arrived) -> Comparison.of(sameCollection(here, arrived)));
            advance();
        }
        judgeTheRest(ObjectKind.COLLECTION, comparison, collection -> Baseline.line(collection, target.stagingKey()));
    }

    private boolean sameCollection(Collection here, Collection arrived) {
        try {
            return here.externalId().equals(arrived.externalId())
                    && source.organizationKey()
                            .decryptText(here.name())
                            .equals(target.organizationKey().decryptText(arrived.name()));
        } catch (CryptoException e) {
            return false;
        }
    }

    private void verifyGroups(List<Group> expected) {
        Map<String, Group> there = byId(
                target.server().groups(target.organization()),
                group -> group.id().value());
        ObjectComparison<Group> comparison = comparison(ObjectKind.GROUP, ran(Step.PROVISION_GROUPS), there);
        GroupComparison groups = new GroupComparison(
                outcomes, ran(Step.INVITE_MEMBERS), target.profile().canSetGroupExternalId());
        for (Group here : expected) {
            comparison.judge(here.id().value(), (outcome, arrived) -> groups.compare(here, arrived));
            advance();
        }
        judgeTheRest(ObjectKind.GROUP, comparison, group -> Baseline.line(group, target.stagingKey()));
    }

    private void verifyMembers(List<Member> expected) {
        Map<String, Member> there = byId(
                target.server().members(target.organization()),
                member -> member.id().value());
        Set<String> claimed = outcomes.all(ObjectKind.MEMBER).stream()
                .flatMap(outcome -> outcome.targetId().stream())
                .collect(Collectors.toSet());
        // The account that migrates owns a target that was created for this migration and need not be in the source.
        there.values()
                .removeIf(member -> member.userId().equals(Optional.of(target.account()))
                        && !claimed.contains(member.id().value())
                        && !baseline.getOrDefault(ObjectKind.MEMBER, Map.of())
                                .containsKey(member.id().value()));
        ObjectComparison<Member> comparison = comparison(ObjectKind.MEMBER, ran(Step.INVITE_MEMBERS), there);
        MemberComparison members = new MemberComparison(outcomes);
        for (Member here : expected) {
            comparison.judge(here.id().value(), (outcome, arrived) -> members.compare(outcome, here, arrived));
            advance();
        }
        judgeTheRest(ObjectKind.MEMBER, comparison, member -> Baseline.line(member, target.stagingKey()));
    }

    private void verifyPolicies(List<Policy> expected) {
        Map<String, Policy> there =
                byId(target.server().policies(target.organization()), policy -> String.valueOf(policy.type()));
        ObjectComparison<Policy> comparison = comparison(ObjectKind.POLICY, ran(Step.APPLY_POLICIES), there);
        for (Policy here : expected) {
            comparison.judge(
                    String.valueOf(here.type()),
                    (outcome, arrived) -> Comparison.of(
                            here.enabled() == arrived.enabled() && here.data().equals(arrived.data())));
            advance();
        }
        judgeTheRest(ObjectKind.POLICY, comparison, policy -> Baseline.line(policy, target.stagingKey()));
    }

    /**
     * An item of the target as far as it is needed for comparing it and its files. Whether it will be compared with the
     * source's item that became it or with what it was before is known when it is listed, and nothing else is kept of it.
     *
     * @param digest empty when a field does not open, or when nothing of the source became this item
     * @param baseline empty when it was not there before
     */
    private record ThereItem(Optional<ItemDigest> digest, List<ThereFile> files, Optional<BaselineLine> baseline) {}

    /** A file of the target; the contents are empty when its name or key is no encrypted string. */
    private record ThereFile(AttachmentId id, Optional<FileContents> contents) {}

    private void verifyItems(Snapshot snapshot) throws IOException {
        Map<ItemId, Instant> revisions = new HashMap<>();
        source.server().forEachItem(source.organization(), item -> {
            context.checkpoint();
            revisions.put(item.id(), item.revisedAt());
        });
        List<FileComparisons.Pair> pairs = new ArrayList<>();
        Map<String, ThereFile> filesThere = new HashMap<>();
        List<String> filesHere = new ArrayList<>();
        try (SymmetricKey hashKey = SymmetricKey.make()) {
            Map<String, ThereItem> there = itemsThere(hashKey);
            there.values()
                    .forEach(item -> item.files()
                            .forEach(file -> filesThere.put(file.id().value(), file)));
            ObjectComparison<ThereItem> comparison = comparison(ObjectKind.ITEM, ran(Step.IMPORT_ITEMS), there);
            try (Snapshot.Items items = snapshot.items()) {
                while (items.hasNext()) {
                    Item here = items.next();
                    Optional<Instant> revisedNow = Optional.ofNullable(revisions.remove(here.id()));
                    comparison.judge(
                            here.id().value(), (outcome, arrived) -> compareItems(here, arrived, revisedNow, hashKey));
                    for (Attachment file : here.attachments()) {
                        filesHere.add(file.id().value());
                        pairOf(here, file, filesThere).ifPresent(pairs::add);
                    }
                    advance();
                }
            }
            judgeTheRest(ObjectKind.ITEM, comparison, item -> item.baseline().orElseThrow());
        }
        for (ItemId added : revisions.keySet()) {
            findings.notCompared(ObjectOutcome.skipped(ObjectKind.ITEM, added.value(), ReasonCode.CHANGED_AT_SOURCE));
        }
        verifyFiles(filesHere, pairs, filesThere);
    }

    private Map<String, ThereItem> itemsThere(SymmetricKey hashKey) {
        Set<String> claimed = outcomes.all(ObjectKind.ITEM).stream()
                .flatMap(outcome -> outcome.targetId().stream())
                .collect(Collectors.toSet());
        Set<String> before = baseline.getOrDefault(ObjectKind.ITEM, Map.of()).keySet();
        Map<String, ThereItem> there = new HashMap<>();
        target.server().forEachItem(target.organization(), item -> {
            context.checkpoint();
            String id = item.id().value();
            there.put(
                    id,
                    new ThereItem(
                            claimed.contains(id)
                                    ? ItemDigest.of(item, target.organizationKey(), hashKey)
                                    : Optional.empty(),
                            claimed.contains(id) ? filesOf(item) : List.of(),
                            before.contains(id)
                                    ? Optional.of(Baseline.line(item, target.stagingKey()))
                                    : Optional.empty()));
        });
        return there;
    }

    private static List<ThereFile> filesOf(Item item) {
        return item.attachments().stream()
                .map(file -> new ThereFile(file.id(), FileContents.of(item, file)))
                .toList();
    }

    private Comparison compareItems(Item here, ThereItem arrived, Optional<Instant> revisedNow, SymmetricKey hashKey) {
        Optional<ItemDigest> digest = ItemDigest.of(here, source.organizationKey(), hashKey);
        if (digest.isEmpty() || arrived.digest().isEmpty()) {
            return Comparison.DIFFERENT;
        }
        Set<CollectionId> expected = digest.get().collections().stream()
                .flatMap(id -> outcomes.targetOf(ObjectKind.COLLECTION, id.value()).stream())
                .map(CollectionId::new)
                .collect(Collectors.toSet());
        if (!digest.get().isEqualTo(arrived.digest().get(), expected)) {
            return Comparison.DIFFERENT;
        }
        return revisedNow.equals(Optional.of(here.revisedAt()))
                ? Comparison.EQUAL
                : Comparison.EQUAL_BUT_CHANGED_AT_SOURCE;
    }

    private Optional<FileComparisons.Pair> pairOf(Item here, Attachment file, Map<String, ThereFile> filesThere) {
        return outcomes.of(ObjectKind.ATTACHMENT, file.id().value())
                .filter(outcome -> outcome.outcome() == Outcome.MOVED)
                .flatMap(ObjectOutcome::targetId)
                .map(filesThere::get)
                .flatMap(ThereFile::contents)
                .flatMap(arrived ->
                        FileContents.of(here, file).map(contents -> new FileComparisons.Pair(contents, arrived)));
    }

    private void verifyFiles(
            List<String> filesHere, List<FileComparisons.Pair> pairs, Map<String, ThereFile> filesThere) {
        bytesTotal = pairs.stream().mapToLong(pair -> pair.source().size()).sum();
        Map<AttachmentId, Comparison> results;
        try {
            results = new FileComparisons(
                            source.server(), source.organizationKey(), target.server(), target.organizationKey())
                    .compare(pairs, pair -> {
                        bytesDone += pair.source().size();
                        advance();
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepStoppedException("interrupted while files were compared");
        }
        ObjectComparison<ThereFile> comparison =
                comparison(ObjectKind.ATTACHMENT, ran(Step.TRANSFER_ATTACHMENTS), filesThere);
        for (String file : filesHere) {
            comparison.judge(
                    file, (outcome, arrived) -> results.getOrDefault(new AttachmentId(file), Comparison.DIFFERENT));
        }
        // Files of items that were there before are part of those items' digests; here only moved items' files are
        // left.
        comparison.judgeTheRest(Map.of(), file -> "");
    }

    private static <T> Map<String, T> byId(List<T> objects, Function<T, String> id) {
        return new HashMap<>(objects.stream().collect(Collectors.toMap(id, Function.identity())));
    }
}
