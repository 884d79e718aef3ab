package io.vaultferry.exporting.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberComparisonTest {

    private static final ObjectOutcome INVITED = ObjectOutcome.moved(ObjectKind.MEMBER, "here", "there");
    private static final ObjectOutcome THERE_BEFORE =
            ObjectOutcome.moved(ObjectKind.MEMBER, "here", "there", ReasonCode.ALREADY_IN_TARGET);
    private static final ObjectOutcome STILL_INVITED =
            ObjectOutcome.moved(ObjectKind.MEMBER, "here", "there", ReasonCode.STILL_INVITED);
    private static final ObjectOutcome MIGRATES =
            ObjectOutcome.moved(ObjectKind.MEMBER, "here", "there", ReasonCode.MIGRATION_ACCOUNT);

    private final ReportedOutcomes outcomes = new ReportedOutcomes();
    private final MemberComparison comparison = new MemberComparison(outcomes);

    @BeforeEach
    void report() {
        outcomes.add(ObjectOutcome.moved(ObjectKind.COLLECTION, "c1", "C1"));
        outcomes.add(ObjectOutcome.skipped(ObjectKind.COLLECTION, "lost", ReasonCode.REFUSED_BY_TARGET));
        outcomes.add(ObjectOutcome.moved(ObjectKind.GROUP, "g1", "G1"));
    }

    private static Member member(
            MemberStatus status, MemberRole role, List<Access<CollectionId>> access, List<GroupId> groups) {
        return member("person@example.test", status, role, false, access, groups, Map.of());
    }

    private static Member member(
            String email,
            MemberStatus status,
            MemberRole role,
            boolean accessAll,
            List<Access<CollectionId>> access,
            List<GroupId> groups,
            Map<String, Object> permissions) {
        return new Member(
                new MemberId("member"),
                Optional.empty(),
                email,
                Optional.empty(),
                Optional.empty(),
                status,
                role,
                accessAll,
                false,
                access,
                groups,
                permissions);
    }

    private static Access<CollectionId> access(String collection, boolean readOnly) {
        return new Access<>(new CollectionId(collection), readOnly, false, false);
    }

    @Test
    void aPersonWithTheSameAccessInTheTargetsIdsIsEqual() {
        Member here = member(
                MemberStatus.CONFIRMED,
                MemberRole.USER,
                List.of(access("c1", true), access("lost", false)),
                List.of(new GroupId("g1"), new GroupId("lost")));
        Member there = member(
                MemberStatus.CONFIRMED, MemberRole.USER, List.of(access("C1", true)), List.of(new GroupId("G1")));

        assertThat(comparison.compare(INVITED, here, there)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void aWiderRightIsADifferenceUnlessThePersonWasThereBefore() {
        Member here = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(access("c1", true)), List.of());
        Member there = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(access("C1", false)), List.of());

        assertThat(comparison.compare(INVITED, here, there)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(THERE_BEFORE, here, there)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void aRightThatIsMissingIsADifferenceForEverybodyWhoDoesNotSeeEverythingAnyway() {
        Member here = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(access("c1", true)), List.of());
        Member without = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of());
        Member seesAll = member(
                "person@example.test", MemberStatus.CONFIRMED, MemberRole.USER, true, List.of(), List.of(), Map.of());

        assertThat(comparison.compare(INVITED, here, without)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(THERE_BEFORE, here, without)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(INVITED, here, seesAll)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void aGroupThatIsMissingOrTooMuchIsADifference() {
        Member here = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of(new GroupId("g1")));
        Member without = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of());
        Member more = member(
                MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of(new GroupId("G1"), new GroupId("G2")));

        assertThat(comparison.compare(INVITED, here, without)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(INVITED, here, more)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(THERE_BEFORE, here, more)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void rolesAreComparedButForTheAccountThatMigratesAndHigherOnesThatWereThereBefore() {
        Member owner = member(MemberStatus.CONFIRMED, MemberRole.OWNER, List.of(), List.of());
        Member user = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of());

        assertThat(comparison.compare(INVITED, user, owner)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(INVITED, owner, user)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(THERE_BEFORE, owner, user)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(THERE_BEFORE, user, owner)).isEqualTo(Comparison.EQUAL);
        assertThat(comparison.compare(MIGRATES, user, owner)).isEqualTo(Comparison.EQUAL);
        assertThat(comparison.compare(MIGRATES, owner, user)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void vaultwardensManagerAndTheCustomRoleStandForEachOther() {
        Member manager = member(MemberStatus.CONFIRMED, MemberRole.MANAGER, List.of(), List.of());
        Member custom = member(MemberStatus.CONFIRMED, MemberRole.CUSTOM, List.of(), List.of());

        assertThat(comparison.compare(INVITED, manager, custom)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void aPermissionThatTheTargetDoesNotKeepIsALossOfDetail() {
        Member here = member(
                "person@example.test",
                MemberStatus.CONFIRMED,
                MemberRole.CUSTOM,
                false,
                List.of(),
                List.of(),
                Map.of("manageGroups", true, "manageUsers", false));
        Member there = member(MemberStatus.CONFIRMED, MemberRole.CUSTOM, List.of(), List.of());

        assertThat(comparison.compare(INVITED, here, there)).isEqualTo(Comparison.EQUAL_WITH_LOSS_OF_DETAIL);
    }

    @Test
    void anotherPersonIsADifference() {
        Member here = member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of());
        Member there = member(
                "else@example.test", MemberStatus.CONFIRMED, MemberRole.USER, false, List.of(), List.of(), Map.of());
        Member shouted = member(
                "PERSON@example.test", MemberStatus.CONFIRMED, MemberRole.USER, false, List.of(), List.of(), Map.of());

        assertThat(comparison.compare(INVITED, here, there)).isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(INVITED, here, shouted)).isEqualTo(Comparison.EQUAL);
    }

    @ParameterizedTest
    @CsvSource({
        "REVOKED,   REVOKED,   true",
        "REVOKED,   CONFIRMED, false",
        "REVOKED,   INVITED,   false",
        "INVITED,   INVITED,   true",
        "INVITED,   ACCEPTED,  true",
        "INVITED,   CONFIRMED, false",
        "INVITED,   REVOKED,   false",
        "ACCEPTED,  CONFIRMED, true",
        "ACCEPTED,  ACCEPTED,  false",
        "CONFIRMED, CONFIRMED, true",
        "CONFIRMED, ACCEPTED,  false",
        "CONFIRMED, INVITED,   false",
        "CONFIRMED, REVOKED,   false",
        "STAGED,    INVITED,   true",
        "STAGED,    REVOKED,   false"
    })
    void aStatusFitsTheSources(MemberStatus here, MemberStatus there, boolean fits) {
        assertThat(comparison.compare(
                        INVITED,
                        member(here, MemberRole.USER, List.of(), List.of()),
                        member(there, MemberRole.USER, List.of(), List.of())))
                .isEqualTo(Comparison.of(fits));
    }

    @ParameterizedTest
    @CsvSource({"INVITED, true", "ACCEPTED, true", "CONFIRMED, true", "REVOKED, false"})
    void whoHasNotAcceptedYetMayDoSoAtAnyTime(MemberStatus there, boolean fits) {
        assertThat(comparison.compare(
                        STILL_INVITED,
                        member(MemberStatus.CONFIRMED, MemberRole.USER, List.of(), List.of()),
                        member(there, MemberRole.USER, List.of(), List.of())))
                .isEqualTo(Comparison.of(fits));
    }
}
