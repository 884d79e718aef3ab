package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a person's membership. A person who was in the target before keeps what they had there, so more than in the
 * source is right for them; for the account that migrates the role is not compared either.
 */
public final class MemberComparison {

    private final ReportedOutcomes outcomes;

    public MemberComparison(ReportedOutcomes outcomes) {
        this.outcomes = outcomes;
    }

    public Comparison compare(ObjectOutcome outcome, Member source, Member target) {
        boolean migrationAccount = has(outcome, ReasonCode.MIGRATION_ACCOUNT);
        boolean wasThereBefore = migrationAccount || has(outcome, ReasonCode.ALREADY_IN_TARGET);
        boolean same = source.email().equalsIgnoreCase(target.email())
                && (migrationAccount || fits(source.role(), target.role(), wasThereBefore))
                && fits(source.status(), target.status(), outcome, wasThereBefore)
                && (target.accessAll() || sameAccess(source, target, wasThereBefore))
                && sameGroups(source, target, wasThereBefore);
        if (!same) {
            return Comparison.DIFFERENT;
        }
        return !migrationAccount && losesPermissions(source, target)
                ? Comparison.EQUAL_WITH_LOSS_OF_DETAIL
                : Comparison.EQUAL;
    }

    private boolean sameAccess(Member source, Member target, boolean mayHaveMore) {
        Set<Access<CollectionId>> expected = AccessRights.expected(source.collections(), outcomes);
        Set<Access<CollectionId>> actual = new HashSet<>(target.collections());
        return mayHaveMore ? covers(actual, expected) : actual.equals(expected);
    }

    /** A right that was there before may be wider than the source's. */
    private static boolean covers(Set<Access<CollectionId>> actual, Set<Access<CollectionId>> expected) {
        Set<CollectionId> ids = new HashSet<>();
        actual.forEach(access -> ids.add(access.id()));
        return expected.stream().allMatch(access -> ids.contains(access.id()));
    }

    private boolean sameGroups(Member source, Member target, boolean mayHaveMore) {
        Set<GroupId> expected = new HashSet<>();
        for (GroupId group : source.groups()) {
            outcomes.targetOf(ObjectKind.GROUP, group.value()).ifPresent(id -> expected.add(new GroupId(id)));
        }
        Set<GroupId> actual = new HashSet<>(target.groups());
        return mayHaveMore ? actual.containsAll(expected) : actual.equals(expected);
    }

    private static boolean fits(MemberRole source, MemberRole target, boolean mayBeHigher) {
        return mayBeHigher ? rank(target) >= rank(source) : rank(target) == rank(source);
    }

    /** Vaultwarden's manager and the custom role stand for each other. */
    private static int rank(MemberRole role) {
        return switch (role) {
            case USER -> 0;
            case MANAGER, CUSTOM -> 1;
            case ADMIN -> 2;
            case OWNER -> 3;
        };
    }

    private static boolean fits(
            MemberStatus source, MemberStatus target, ObjectOutcome outcome, boolean wasThereBefore) {
        if (has(outcome, ReasonCode.STILL_INVITED)) {
            return target == MemberStatus.INVITED
                    || target == MemberStatus.ACCEPTED
                    || target == MemberStatus.CONFIRMED;
        }
        if (wasThereBefore) {
            return target != MemberStatus.REVOKED;
        }
        return switch (source) {
            case REVOKED -> target == MemberStatus.REVOKED;
            case STAGED -> target != MemberStatus.REVOKED;
            // Nobody confirms in the target whom nobody confirmed in the source; accepting is the person's own doing.
            case INVITED -> target == MemberStatus.INVITED || target == MemberStatus.ACCEPTED;
            case ACCEPTED, CONFIRMED -> target == MemberStatus.CONFIRMED;
        };
    }

    private static boolean losesPermissions(Member source, Member target) {
        return source.permissions().entrySet().stream()
                .filter(permission -> Boolean.TRUE.equals(permission.getValue()))
                .map(Map.Entry::getKey)
                .anyMatch(name -> !Boolean.TRUE.equals(target.permissions().get(name)));
    }

    private static boolean has(ObjectOutcome outcome, ReasonCode reason) {
        return outcome.reason().equals(Optional.of(reason));
    }
}
