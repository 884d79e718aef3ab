package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.SealedLines;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.InspectTarget;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.contracts.TargetFacts;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Administration;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.Baseline;
import io.vaultferry.participant.documents.BaselineLine;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Finds out what the target takes and what it holds already. What it holds becomes the baseline, against which VERIFY proves
 * that nothing else was touched.
 */
@ApplicationScoped
class InspectTargetHandler implements StepHandler<InspectTarget> {

    private static final long GIBIBYTE = 1L << 30;

    /** Bitwarden's item and policy types known today, asked one by one of the server's profile. */
    private static final int HIGHEST_ITEM_TYPE = 8;

    private static final int HIGHEST_POLICY_TYPE = 22;

    private final Grants grants;
    private final ClaimCheckStore store;

    InspectTargetHandler(Grants grants, ClaimCheckStore store) {
        this.grants = grants;
        this.store = store;
    }

    @Override
    public Class<InspectTarget> commandType() {
        return InspectTarget.class;
    }

    @Override
    public StepReply handle(InspectTarget command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            Contents contents = command.create() ? Contents.NONE : contentsOf(target);
            AtomicLong items = new AtomicLong();
            StagingKey key = target.stagingKey();
            ClaimCheck baseline = Baseline.write(store, key, command.migrationId(), sink -> {
                for (Collection collection : contents.collections()) {
                    sink.add(Baseline.line(collection, key));
                }
                for (Group group : contents.groups()) {
                    sink.add(Baseline.line(group, key));
                }
                for (Member member : contents.members()) {
                    sink.add(Baseline.line(member, key));
                }
                for (Policy policy : contents.policies()) {
                    sink.add(Baseline.line(policy, key));
                }
                if (!command.create()) {
                    target.server().forEachItem(target.organization(), item -> {
                        context.checkpoint();
                        items.incrementAndGet();
                        addItem(sink, item, key);
                    });
                }
            });
            return new StepReply.TargetInspected(
                    command.migrationId(),
                    command.attempt(),
                    new ServerFacts(target.info().kind().name(), target.info().shownVersion()),
                    facts(command, target, contents, items.get()),
                    baseline);
        }
    }

    private static void addItem(SealedLines.Sink<BaselineLine> sink, Item item, StagingKey key) {
        try {
            sink.add(Baseline.line(item, key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an organization holds besides items. */
    private record Contents(
            List<Organization> organization,
            List<Collection> collections,
            List<Group> groups,
            List<Member> members,
            List<Policy> policies) {

        static final Contents NONE = new Contents(List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private static Contents contentsOf(MigrationSession target) {
        BitwardenSession server = target.server();
        OrganizationId organization = target.organization();
        OrganizationMembership membership = Administration.require(target);
        // Only an owner sees the organization's own settings; an administrator can migrate without them.
        List<Organization> settings =
                membership.role() == MemberRole.OWNER ? List.of(server.organization(organization)) : List.of();
        return new Contents(
                settings,
                server.collections(organization),
                membership.useGroups() ? server.groups(organization) : List.of(),
                server.members(organization),
                server.policies(organization));
    }

    private static TargetFacts facts(
            InspectTarget command, MigrationSession target, Contents contents, long existingItems) {
        ServerProfile profile = target.profile();
        return new TargetFacts(
                groupsSupported(command, target),
                IntStream.rangeClosed(1, HIGHEST_ITEM_TYPE)
                        .filter(profile::supportsItemType)
                        .boxed()
                        .toList(),
                IntStream.rangeClosed(0, HIGHEST_POLICY_TYPE)
                        .filter(profile::supportsPolicy)
                        .boxed()
                        .toList(),
                left(contents, Organization::seats, contents.members().size()),
                left(
                        contents,
                        Organization::maxCollections,
                        contents.collections().size()),
                contents.organization().stream()
                        .map(Organization::maxStorageGb)
                        .filter(OptionalInt::isPresent)
                        .map(gigabytes -> gigabytes.getAsInt() * GIBIBYTE)
                        .findFirst()
                        .orElse(null),
                profile.largestAttachmentBytes(),
                contents.collections().size(),
                contents.groups().size(),
                contents.members().size(),
                existingItems,
                contents.policies().size());
    }

    private static Long left(Contents contents, Function<Organization, OptionalInt> limit, int used) {
        return contents.organization().stream()
                .map(limit)
                .filter(OptionalInt::isPresent)
                .map(most -> Math.max(0L, (long) most.getAsInt() - used))
                .findFirst()
                .orElse(null);
    }

    /** A server that can do groups says so per organization; for one that does not exist yet, any other answers for it. */
    private static boolean groupsSupported(InspectTarget command, MigrationSession target) {
        return target.server().profile().organizations().stream()
                .filter(membership -> command.create() || membership.id().equals(target.organization()))
                .map(OrganizationMembership::useGroups)
                .findFirst()
                .orElse(true);
    }
}
