package io.vaultferry.exporting.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupComparisonTest {

    private final ReportedOutcomes outcomes = new ReportedOutcomes();
    private final GroupComparison comparison = new GroupComparison(outcomes, true, true);
    private final Group here = group("Developers", Optional.of("ext"), false, "c1", "m1");
    private final Group there = group("Developers", Optional.of("ext"), false, "C1", "M1");

    @BeforeEach
    void report() {
        outcomes.add(ObjectOutcome.moved(ObjectKind.COLLECTION, "c1", "C1"));
        outcomes.add(ObjectOutcome.moved(ObjectKind.MEMBER, "m1", "M1"));
    }

    private static Group group(
            String name, Optional<String> externalId, boolean accessAll, String collection, String member) {
        return new Group(
                new GroupId("group"),
                name,
                externalId,
                accessAll,
                List.of(new Access<>(new CollectionId(collection), false, false, true)),
                List.of(new MemberId(member)));
    }

    @Test
    void theSameInTheTargetsIdsIsEqual() {
        assertThat(comparison.compare(here, there)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void everyPartCounts() {
        Optional<String> ext = Optional.of("ext");
        assertThat(comparison.compare(here, group("Else", ext, false, "C1", "M1")))
                .isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(here, group("Developers", ext, true, "C1", "M1")))
                .isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(here, group("Developers", ext, false, "C2", "M1")))
                .isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(here, group("Developers", ext, false, "C1", "M2")))
                .isEqualTo(Comparison.DIFFERENT);
        assertThat(comparison.compare(here, group("Developers", Optional.empty(), false, "C1", "M1")))
                .isEqualTo(Comparison.DIFFERENT);
    }

    @Test
    void anExternalIdThatTheTargetCannotKeepIsALossOfDetail() {
        GroupComparison official = new GroupComparison(outcomes, true, false);

        assertThat(official.compare(here, group("Developers", Optional.empty(), false, "C1", "M1")))
                .isEqualTo(Comparison.EQUAL_WITH_LOSS_OF_DETAIL);
    }

    @Test
    void membersAreNotComparedWhereTheyAreNotMoved() {
        GroupComparison withoutMembers = new GroupComparison(outcomes, false, true);

        assertThat(withoutMembers.compare(here, group("Developers", Optional.of("ext"), false, "C1", "M2")))
                .isEqualTo(Comparison.EQUAL);
    }
}
