package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.StepCommand.ConfirmMembers;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.participant.Grants;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.StepOutcomes;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands the organization's key to whoever has accepted and had it in the source. Who was only invited there is not
 * confirmed here either, and nobody waits for them. Confirming is repeatable: the server refuses it for a confirmed person.
 */
@ApplicationScoped
class ConfirmMembersHandler implements StepHandler<ConfirmMembers> {

    private final Grants grants;
    private final Staged staged;

    ConfirmMembersHandler(Grants grants, Staged staged) {
        this.grants = grants;
        this.staged = staged;
    }

    @Override
    public Class<ConfirmMembers> commandType() {
        return ConfirmMembers.class;
    }

    @Override
    public StepReply handle(ConfirmMembers command, StepContext context) {
        try (MigrationSession target = grants.open(command.migrationId(), Side.TARGET)) {
            List<Member> people = staged.snapshot(target, command.snapshot()).members();
            Map<String, ObjectOutcome> invited = staged.members(target, command.members());
            Map<String, Member> there = confirmAccepted(target, people, invited, context);
            StepOutcomes outcomes = new StepOutcomes();
            long confirmed = 0;
            long waiting = 0;
            for (Member person : people) {
                ObjectOutcome outcome = invited.get(person.id().value());
                if (outcome == null) {
                    continue;
                }
                Member now = outcome.targetId().map(there::get).orElse(null);
                if (now != null && now.status() == MemberStatus.CONFIRMED) {
                    confirmed++;
                }
                if (isMissed(person, outcome, now)) {
                    waiting++;
                    outcomes.add(ObjectOutcome.moved(
                            ObjectKind.MEMBER,
                            outcome.sourceId(),
                            outcome.targetId().orElseThrow(),
                            ReasonCode.STILL_INVITED));
                } else {
                    outcomes.add(outcome);
                }
            }
            return new StepReply.MembersConfirmed(
                    command.migrationId(),
                    command.attempt(),
                    confirmed,
                    waiting,
                    outcomes.store(staged.store(), target.stagingKey(), command.migrationId()));
        }
    }

    private static boolean hadTheKey(Member person) {
        return switch (person.status()) {
            case CONFIRMED, ACCEPTED -> true;
            case INVITED, REVOKED, STAGED -> false;
        };
    }

    private static boolean isMissed(Member person, ObjectOutcome outcome, Member now) {
        return outcome.outcome() == Outcome.MOVED
                && hadTheKey(person)
                && (now == null || now.status() != MemberStatus.CONFIRMED);
    }

    private static Map<String, Member> confirmAccepted(
            MigrationSession target, List<Member> people, Map<String, ObjectOutcome> invited, StepContext context) {
        BitwardenSession server = target.server();
        OrganizationId organization = target.organization();
        Map<String, Member> there = list(server, organization);
        List<MemberId> accepted = people.stream()
                .filter(ConfirmMembersHandler::hadTheKey)
                .flatMap(person -> Optional.ofNullable(invited.get(person.id().value())).stream())
                .flatMap(outcome -> outcome.targetId().stream())
                .filter(id -> there.containsKey(id) && there.get(id).status() == MemberStatus.ACCEPTED)
                .map(MemberId::new)
                .toList();
        if (accepted.isEmpty()) {
            return there;
        }
        Map<MemberId, PublicKey> publicKeys = server.publicKeys(organization, accepted);
        for (MemberId member : accepted) {
            PublicKey publicKey = publicKeys.get(member);
            if (publicKey == null) {
                continue;
            }
            context.checkpoint();
            try {
                server.confirm(organization, member, publicKey.wrap(target.organizationKey()));
            } catch (RefusedException | NotFoundException e) {
                // Confirmed or removed meanwhile, or not admitted by a policy of the target: the listing below tells
                // which.
            }
        }
        return list(server, organization);
    }

    private static Map<String, Member> list(BitwardenSession server, OrganizationId organization) {
        Map<String, Member> there = new HashMap<>();
        for (Member member : server.members(organization)) {
            there.put(member.id().value(), member);
        }
        return there;
    }
}
