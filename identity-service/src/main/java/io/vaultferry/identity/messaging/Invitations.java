package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.MemberUpdate;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.identity.domain.InvitationWrite;
import io.vaultferry.identity.domain.MembershipUpdate;
import io.vaultferry.identity.domain.Translation;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import io.vaultferry.participant.journal.EffectivelyOnceWriter;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.UnitLimits;
import io.vaultferry.participant.journal.WriteJournals;
import io.vaultferry.participant.journal.WriteKind;
import io.vaultferry.participant.journal.WriteOutcome;
import io.vaultferry.participant.journal.WriteScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of INVITE_MEMBERS. Whoever has an intent was not in the target when it was recorded and is invited once; whoever
 * has none and is in the target is updated, which can be repeated.
 */
final class Invitations {

    private final List<Member> people;
    private final Translation translation;
    private final MigrationSession target;
    private final BitwardenSession server;
    private final OrganizationId organization;
    private final StepContext context;
    private final EffectivelyOnceWriter writer;
    private final StepOutcomes outcomes = new StepOutcomes();
    private long invited;
    private long updated;

    Invitations(
            List<Member> people,
            Translation translation,
            MigrationSession target,
            WriteJournals journals,
            StepContext context) {
        this.people = people;
        this.translation = translation;
        this.target = target;
        this.server = target.server();
        this.organization = target.organization();
        this.context = context;
        this.writer = journals.writer(WriteScope.of(target.migration(), Step.INVITE_MEMBERS, WriteKind.MEMBER), target);
    }

    StepOutcomes outcomes() {
        return outcomes;
    }

    long invited() {
        return invited;
    }

    long updated() {
        return updated;
    }

    void inviteAndUpdate() {
        Map<String, Member> there = membersByAddress();
        Set<String> recorded = writer.recorded();
        List<PlannedWrite> plan = new ArrayList<>();
        Set<String> planned = new HashSet<>(recorded);
        for (Member person : people) {
            String sourceId = person.id().value();
            if (!recorded.contains(sourceId) && !there.containsKey(InvitationWrite.normalized(person.email()))) {
                plan.add(InvitationWrite.plan(person, translation));
                planned.add(sourceId);
            }
        }
        writer.write(plan.iterator(), UnitLimits.ONE_BY_ONE, new InvitationWrite(server, organization), context);
        settleInvited();
        int done = planned.size();
        for (Member person : people) {
            if (!planned.contains(person.id().value())) {
                update(person, there.get(InvitationWrite.normalized(person.email())));
                context.progress(++done, people.size(), 0, 0);
            }
        }
    }

    private Map<String, Member> membersByAddress() {
        Map<String, Member> there = new HashMap<>();
        for (Member member : server.members(organization)) {
            there.put(InvitationWrite.normalized(member.email()), member);
        }
        return there;
    }

    private void settleInvited() {
        Map<String, WriteOutcome> writes = new HashMap<>();
        writer.forEachOutcome(write -> writes.put(write.sourceId(), write));
        Map<String, Member> there = membersByAddress();
        for (Member person : people) {
            WriteOutcome write = writes.get(person.id().value());
            if (write == null) {
                continue;
            }
            if (write.targetId().isEmpty()) {
                outcomes.add(ObjectOutcome.quarantined(
                        ObjectKind.MEMBER, person.id().value(), write.reason().orElse(ReasonCode.REFUSED_BY_TARGET)));
                continue;
            }
            invited++;
            String targetId = write.targetId().get();
            if (person.status() == MemberStatus.REVOKED) {
                outcomes.add(revoke(person, targetId, there.get(InvitationWrite.normalized(person.email()))));
            } else {
                outcomes.add(ObjectOutcome.moved(ObjectKind.MEMBER, person.id().value(), targetId));
            }
        }
    }

    private ObjectOutcome revoke(Member person, String targetId, Member there) {
        // Who is gone again has nothing that could be revoked.
        if (there != null && there.status() != MemberStatus.REVOKED) {
            context.checkpoint();
            try {
                server.revokeMember(organization, new MemberId(targetId));
            } catch (RefusedException e) {
                return ObjectOutcome.quarantined(ObjectKind.MEMBER, person.id().value(), ReasonCode.REFUSED_BY_TARGET);
            }
        }
        return ObjectOutcome.moved(ObjectKind.MEMBER, person.id().value(), targetId, ReasonCode.REVOKED_AT_SOURCE);
    }

    private boolean carriedOut(MemberUpdate update, Member there) {
        context.checkpoint();
        try {
            server.updateMember(organization, there.id(), update);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    /** Adds what the source gives to what the person has in the target; takes nothing away. */
    private void update(Member person, Member there) {
        boolean migrationAccount = there.userId().equals(Optional.of(target.account()));
        Optional<MemberUpdate> update = MembershipUpdate.of(person, there, translation, migrationAccount);
        boolean asItShallBe = update.isEmpty() || carriedOut(update.get(), there);
        // Not every server lets an account change its own membership; then that is left as it is.
        if (!asItShallBe && !migrationAccount) {
            outcomes.add(
                    ObjectOutcome.quarantined(ObjectKind.MEMBER, person.id().value(), ReasonCode.REFUSED_BY_TARGET));
            return;
        }
        updated++;
        outcomes.add(ObjectOutcome.moved(
                ObjectKind.MEMBER,
                person.id().value(),
                there.id().value(),
                migrationAccount ? ReasonCode.MIGRATION_ACCOUNT : ReasonCode.ALREADY_IN_TARGET));
    }
}
