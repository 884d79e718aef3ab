package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Compares a group: its name, external id, access to collections and members. */
public final class GroupComparison {

    private final ReportedOutcomes outcomes;
    private final boolean membersMoved;
    private final boolean externalIdKept;

    /**
     * @param membersMoved false when the migration's options leave members out, so that groups arrive empty
     * @param externalIdKept whether the target server lets a new group have an external id
     */
    public GroupComparison(ReportedOutcomes outcomes, boolean membersMoved, boolean externalIdKept) {
        this.outcomes = outcomes;
        this.membersMoved = membersMoved;
        this.externalIdKept = externalIdKept;
    }

    public Comparison compare(Group source, Group target) {
        boolean same = source.name().equals(target.name())
                && source.accessAll() == target.accessAll()
                && new HashSet<>(target.collections()).equals(AccessRights.expected(source.collections(), outcomes))
                && (!membersMoved || new HashSet<>(target.members()).equals(expectedMembers(source)));
        if (!same) {
            return Comparison.DIFFERENT;
        }
        if (Objects.equals(source.externalId(), target.externalId())) {
            return Comparison.EQUAL;
        }
        return externalIdKept ? Comparison.DIFFERENT : Comparison.EQUAL_WITH_LOSS_OF_DETAIL;
    }

    private Set<MemberId> expectedMembers(Group source) {
        Set<MemberId> expected = new HashSet<>();
        for (MemberId member : source.members()) {
            outcomes.targetOf(ObjectKind.MEMBER, member.value()).ifPresent(id -> expected.add(new MemberId(id)));
        }
        return expected;
    }
}
