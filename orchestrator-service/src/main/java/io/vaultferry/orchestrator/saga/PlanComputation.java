package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.TargetFacts;
import io.vaultferry.orchestrator.saga.MigrationPlan.Blocker;
import io.vaultferry.orchestrator.saga.MigrationPlan.Loss;
import io.vaultferry.orchestrator.saga.MigrationPlan.Notice;
import io.vaultferry.orchestrator.saga.MigrationPlan.NoticeCode;
import io.vaultferry.orchestrator.saga.MigrationPlan.PlannedObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Computes the plan from what the two inspections found. */
final class PlanComputation {

    private final MigrationOptions options;
    private final SourceContent content;
    private final TargetFacts facts;
    private final List<PlannedObjects> objects = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final List<Blocker> blockers = new ArrayList<>();

    private PlanComputation(MigrationOptions options, SourceContent content, TargetFacts facts) {
        this.options = options;
        this.content = content;
        this.facts = facts;
    }

    static MigrationPlan plan(
            MigrationOptions options,
            ServerFacts source,
            SourceContent content,
            ServerFacts target,
            TargetFacts facts) {
        PlanComputation computation = new PlanComputation(options, content, facts);
        computation.collections();
        computation.groups();
        computation.items();
        computation.attachments();
        computation.members();
        computation.policies();
        computation.existingContent();
        Duration floorTime = computation.floorTime(RequestLimits.of(target));
        return new MigrationPlan(
                source,
                target,
                computation.objects,
                computation.losses,
                computation.notices,
                computation.blockers,
                options.members() ? content.members() : 0,
                options.attachments() ? content.attachmentBytes() : 0,
                floorTime);
    }

    private void collections() {
        objects.add(new PlannedObjects(ObjectKind.COLLECTION, content.collections(), content.collections()));
        Long free = facts.freeCollections();
        if (free != null && content.collections() > free) {
            blockers.add(new Blocker(
                    FailureCode.COLLECTION_LIMIT_REACHED,
                    "%d collections are needed and %d are free".formatted(content.collections(), free)));
        }
    }

    private void groups() {
        long found = content.groups();
        if (!options.groups()) {
            leaveOut(ObjectKind.GROUP, found);
        } else if (!facts.groupsSupported()) {
            lose(ObjectKind.GROUP, found, ReasonCode.UNSUPPORTED_BY_TARGET, "the target has no groups");
        } else {
            objects.add(new PlannedObjects(ObjectKind.GROUP, found, found));
        }
    }

    private void items() {
        long unsupported = 0;
        for (Map.Entry<Integer, Long> type : content.itemsByType().entrySet()) {
            if (!facts.itemTypes().contains(type.getKey())) {
                unsupported += type.getValue();
                losses.add(new Loss(
                        ObjectKind.ITEM,
                        type.getValue(),
                        ReasonCode.UNSUPPORTED_BY_TARGET,
                        "items of type " + type.getKey()));
            }
        }
        long leftOut = options.trash() ? 0 : content.trashedItems();
        if (leftOut > 0) {
            losses.add(new Loss(ObjectKind.ITEM, leftOut, ReasonCode.LEFT_OUT_BY_OPTION, "items in the trash"));
        }
        if (content.unreadableItems() > 0) {
            losses.add(new Loss(
                    ObjectKind.ITEM,
                    content.unreadableItems(),
                    ReasonCode.UNREADABLE_AT_SOURCE,
                    "items with a field that does not open"));
        }
        long found = content.items();
        long toMove = Math.max(0, found - unsupported - leftOut - content.unreadableItems());
        objects.add(new PlannedObjects(ObjectKind.ITEM, found, toMove));
        long withoutKey = found - content.itemsWithOwnKey();
        if (withoutKey > 0) {
            notices.add(new Notice(
                    NoticeCode.ITEMS_ARE_ENCRYPTED_AGAIN,
                    "%d items have no key of their own: they are decrypted in memory and encrypted again"
                            .formatted(withoutKey)));
        }
    }

    private void attachments() {
        long found = content.attachments();
        if (!options.attachments()) {
            leaveOut(ObjectKind.ATTACHMENT, found);
            return;
        }
        objects.add(new PlannedObjects(ObjectKind.ATTACHMENT, found, found));
        if (content.largestAttachment() > facts.largestAttachment()) {
            losses.add(new Loss(
                    ObjectKind.ATTACHMENT,
                    0,
                    ReasonCode.FILE_TOO_LARGE,
                    "the largest file has %d bytes and the target takes %d: every file above that is quarantined"
                            .formatted(content.largestAttachment(), facts.largestAttachment())));
        }
        Long left = facts.storageLeft();
        if (left != null && content.attachmentBytes() > left) {
            blockers.add(new Blocker(
                    FailureCode.STORAGE_LIMIT_REACHED,
                    "%d bytes of storage are needed and %d are left".formatted(content.attachmentBytes(), left)));
        }
        if (content.attachmentsWithoutOwnKey() > 0) {
            notices.add(new Notice(
                    NoticeCode.FILES_ARE_ENCRYPTED_AGAIN,
                    "%d files have no key of their own: they are decrypted and encrypted again on their way"
                            .formatted(content.attachmentsWithoutOwnKey())));
        }
    }

    private void members() {
        long found = content.members();
        if (!options.members()) {
            leaveOut(ObjectKind.MEMBER, found);
            return;
        }
        objects.add(new PlannedObjects(ObjectKind.MEMBER, found, found));
        Long free = facts.freeSeats();
        if (free == null || found <= free) {
            return;
        }
        // People who are in both organizations need no further seat. Who they are is not known yet, so only a shortage
        // that remains when all of the target's members are among them is certain.
        long neededAtLeast = found - facts.existingMembers();
        if (neededAtLeast > free) {
            blockers.add(new Blocker(
                    FailureCode.SEAT_LIMIT_REACHED,
                    "at least %d seats are needed and %d are free".formatted(neededAtLeast, free)));
        } else {
            notices.add(new Notice(
                    NoticeCode.SEATS_MAY_NOT_SUFFICE,
                    "%d people, %d free seats and %d members in the target: it depends on how many are the same"
                            .formatted(found, free, facts.existingMembers())));
        }
    }

    private void policies() {
        long found = content.policyTypes().size();
        if (!options.policies()) {
            leaveOut(ObjectKind.POLICY, found);
            return;
        }
        long unsupported = 0;
        for (Integer type : content.policyTypes()) {
            if (!facts.policyTypes().contains(type)) {
                unsupported++;
                losses.add(
                        new Loss(ObjectKind.POLICY, 1, ReasonCode.UNSUPPORTED_BY_TARGET, "the policy of type " + type));
            }
        }
        objects.add(new PlannedObjects(ObjectKind.POLICY, found, found - unsupported));
    }

    private void existingContent() {
        long existing = facts.existingCollections() + facts.existingGroups() + facts.existingItems();
        if (existing + facts.existingPolicies() > 0) {
            notices.add(new Notice(
                    NoticeCode.EXISTING_CONTENT,
                    ("the target organization holds %d collections, %d groups, %d items and %d policies already: they"
                                    + " stay, and policies of the same type are replaced")
                            .formatted(
                                    facts.existingCollections(),
                                    facts.existingGroups(),
                                    facts.existingItems(),
                                    facts.existingPolicies())));
        }
    }

    private void leaveOut(ObjectKind kind, long found) {
        lose(kind, found, ReasonCode.LEFT_OUT_BY_OPTION, "switched off");
    }

    private void lose(ObjectKind kind, long found, ReasonCode reason, String detail) {
        objects.add(new PlannedObjects(kind, found, 0));
        if (found > 0) {
            losses.add(new Loss(kind, found, reason, detail));
        }
    }

    private Duration floorTime(RequestLimits limits) {
        long groups = options.groups() && facts.groupsSupported() ? content.groups() : 0;
        long members = options.members() ? content.members() : 0;
        Duration floor = limits.floorOf(content.collections() + groups, members);
        if (!floor.isZero()) {
            notices.add(new Notice(
                    NoticeCode.RATE_LIMITED_TARGET,
                    "the target limits the rate of requests: collections, groups and invitations alone take "
                            + floor.toMinutes() + " minutes"));
        }
        return floor;
    }

    /**
     * Limits that a kind of server is known to enforce. Bitwarden's cloud: 60 creations a minute, 5 calls that invite a
     * minute and 300 a day (bitwarden/server, {@code src/Api/appsettings.json}, IpRateLimitOptions). Servers that people
     * run themselves have none for these calls.
     */
    private enum RequestLimits {
        CLOUD {
            @Override
            Duration floorOf(long creations, long invitations) {
                long daysOfWaiting = invitations == 0 ? 0 : (invitations - 1) / 300;
                long invitationsOfLastDay = invitations - daysOfWaiting * 300;
                return Duration.ofSeconds(creations).plusDays(daysOfWaiting).plusSeconds(invitationsOfLastDay * 12);
            }
        },
        NONE {
            @Override
            Duration floorOf(long creations, long invitations) {
                return Duration.ZERO;
            }
        };

        abstract Duration floorOf(long creations, long invitations);

        static RequestLimits of(ServerFacts server) {
            return server.kind().equals("BITWARDEN_CLOUD") ? CLOUD : NONE;
        }
    }
}
