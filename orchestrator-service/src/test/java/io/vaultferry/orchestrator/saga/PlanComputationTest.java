package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.Samples.CONTENT;
import static io.vaultferry.orchestrator.saga.Samples.UNLIMITED;
import static io.vaultferry.orchestrator.saga.Samples.VAULTWARDEN;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanComputationTest {

    private static final MigrationOptions NOTHING_OPTIONAL = new MigrationOptions(false, false, false, false, false);

    @Test
    void everythingMovesWhenTheTargetTakesEverything() {
        MigrationPlan plan = plan(MigrationOptions.ALL, CONTENT, UNLIMITED);

        assertThat(plan.objects())
                .containsExactly(
                        new PlannedObjects(ObjectKind.COLLECTION, 9, 9),
                        new PlannedObjects(ObjectKind.GROUP, 4, 4),
                        new PlannedObjects(ObjectKind.ITEM, 20, 20),
                        new PlannedObjects(ObjectKind.ATTACHMENT, 14, 14),
                        new PlannedObjects(ObjectKind.MEMBER, 7, 7),
                        new PlannedObjects(ObjectKind.POLICY, 3, 3));
        assertThat(plan.losses()).isEmpty();
        assertThat(plan.blockers()).isEmpty();
        assertThat(plan.floorTime()).isZero();
        assertThat(plan.storageNeeded()).isEqualTo(300_000);
        assertThat(plan.notices())
                .extracting(Notice::code)
                .containsExactly(NoticeCode.ITEMS_ARE_ENCRYPTED_AGAIN, NoticeCode.FILES_ARE_ENCRYPTED_AGAIN);
    }

    @Test
    void whatIsSwitchedOffIsSaidToBeLeftOut() {
        MigrationPlan plan = plan(NOTHING_OPTIONAL, CONTENT, UNLIMITED);

        assertThat(plan.losses()).extracting(Loss::reason).containsOnly(ReasonCode.LEFT_OUT_BY_OPTION);
        assertThat(plan.losses())
                .extracting(Loss::kind)
                .containsExactlyInAnyOrder(
                        ObjectKind.GROUP, ObjectKind.ITEM, ObjectKind.ATTACHMENT, ObjectKind.MEMBER, ObjectKind.POLICY);
        assertThat(plan.objects()).contains(new PlannedObjects(ObjectKind.ITEM, 20, 19));
        assertThat(plan.seatsNeeded()).isZero();
        assertThat(plan.storageNeeded()).isZero();
    }

    @Test
    void whatTheTargetDoesNotTakeIsCountedByType() {
        TargetFacts facts = new TargetFacts(false, List.of(1, 2), List.of(1), null, null, null, 200_000, 0, 0, 1, 0, 0);

        MigrationPlan plan = plan(MigrationOptions.ALL, CONTENT, facts);

        assertThat(plan.losses())
                .contains(
                        new Loss(ObjectKind.GROUP, 4, ReasonCode.UNSUPPORTED_BY_TARGET, "the target has no groups"),
                        new Loss(ObjectKind.ITEM, 5, ReasonCode.UNSUPPORTED_BY_TARGET, "items of type 5"),
                        new Loss(ObjectKind.POLICY, 1, ReasonCode.UNSUPPORTED_BY_TARGET, "the policy of type 2"),
                        new Loss(ObjectKind.POLICY, 1, ReasonCode.UNSUPPORTED_BY_TARGET, "the policy of type 6"));
        assertThat(plan.losses())
                .filteredOn(loss -> loss.kind() == ObjectKind.ATTACHMENT)
                .singleElement()
                .satisfies(loss -> {
                    assertThat(loss.reason()).isEqualTo(ReasonCode.FILE_TOO_LARGE);
                    assertThat(loss.detail()).contains("250000").contains("200000");
                });
    }

    @Test
    void itemsThatDoNotOpenAreLost() {
        SourceContent content = new SourceContent(0, 0, 0, Map.of(1, 10L), 0, 3, 10, 0, 0, 0, 0, List.of());

        MigrationPlan plan = plan(MigrationOptions.ALL, content, UNLIMITED);

        assertThat(plan.objects()).contains(new PlannedObjects(ObjectKind.ITEM, 10, 7));
        assertThat(plan.losses()).extracting(Loss::reason).containsExactly(ReasonCode.UNREADABLE_AT_SOURCE);
    }

    @Test
    void limitsOfTheTargetBlock() {
        MigrationPlan plan = plan(MigrationOptions.ALL, CONTENT, Samples.target(5L, 8L, 299_999L));

        assertThat(plan.blockers())
                .extracting(Blocker::code)
                .containsExactlyInAnyOrder(
                        FailureCode.SEAT_LIMIT_REACHED,
                        FailureCode.COLLECTION_LIMIT_REACHED,
                        FailureCode.STORAGE_LIMIT_REACHED);
    }

    @Test
    void limitsThatJustSufficeDoNotBlock() {
        assertThat(plan(MigrationOptions.ALL, CONTENT, Samples.target(7L, 9L, 300_000L))
                        .blockers())
                .isEmpty();
    }

    @Test
    void seatsThatDependOnWhoIsThereAlreadyAreANoticeOnly() {
        // One of the seven may be the target's one member.
        MigrationPlan plan = plan(MigrationOptions.ALL, CONTENT, Samples.target(6L, null, null));

        assertThat(plan.blockers()).isEmpty();
        assertThat(plan.notices()).extracting(Notice::code).contains(NoticeCode.SEATS_MAY_NOT_SUFFICE);
    }

    @Test
    void limitsOfWhatIsSwitchedOffDoNotBlock() {
        assertThat(plan(NOTHING_OPTIONAL, CONTENT, Samples.target(0L, null, 0L)).blockers())
                .isEmpty();
    }

    @Test
    void contentOfTheTargetIsNoticed() {
        TargetFacts facts =
                new TargetFacts(true, List.of(1, 2, 5), List.of(1, 2, 6), null, null, null, 1_000_000, 2, 0, 1, 30, 1);

        assertThat(plan(MigrationOptions.ALL, CONTENT, facts).notices())
                .filteredOn(notice -> notice.code() == NoticeCode.EXISTING_CONTENT)
                .singleElement()
                .satisfies(notice -> assertThat(notice.detail()).contains("2 collections", "30 items", "1 policies"));
    }

    @Test
    void rateLimitsOfTheCloudMakeAFloor() {
        // 60 creations a minute; 5 invitations a minute and 300 a day.
        SourceContent content = new SourceContent(100, 20, 700, Map.of(), 0, 0, 0, 0, 0, 0, 0, List.of());

        MigrationPlan plan = PlanComputation.plan(
                MigrationOptions.ALL, VAULTWARDEN, content, new ServerFacts("BITWARDEN_CLOUD", "2026.10.0"), UNLIMITED);

        assertThat(plan.floorTime()).isEqualTo(Duration.ofMinutes(2).plusDays(2).plusMinutes(20));
        assertThat(plan.notices()).extracting(Notice::code).contains(NoticeCode.RATE_LIMITED_TARGET);
    }

    private static MigrationPlan plan(MigrationOptions options, SourceContent content, TargetFacts facts) {
        return PlanComputation.plan(options, VAULTWARDEN, content, VAULTWARDEN, facts);
    }
}
