package io.vaultferry.identity.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Invitation;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.StepCommand.ConfirmMembers;
import io.vaultferry.contracts.StepCommand.InviteMembers;
import io.vaultferry.contracts.StepCommand.ProvisionGroups;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.MembersConfirmed;
import io.vaultferry.contracts.StepReply.MembersInvited;
import io.vaultferry.contracts.Tally;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.RecordedAccount;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** INVITE_MEMBERS and CONFIRM_MEMBERS, after the groups. */
@QuarkusTest
@TestProfile(IdentityProfile.class)
class MembersIT {

    private static final String INVITE = "POST /api/organizations/{id}/users/invite";
    private static final String CONFIRM = "POST /api/organizations/{id}/users/{member}/confirm";
    private static final String UPDATE = "PUT /api/organizations/{id}/users/{member}";
    private static final String REVOKE = "PUT /api/organizations/{id}/users/{member}/revoke";
    private static final String NEVER_REGISTERED = "never-registered@acme.example.test";

    @Inject
    ProvisionGroupsHandler provisionGroups;

    @Inject
    InviteMembersHandler invite;

    @Inject
    ConfirmMembersHandler confirm;

    @Inject
    Servers servers;

    private TestOrganization target;
    private TestMigration migration;
    private BitwardenSession owner;
    private ClaimCheck snapshot;
    private ClaimCheck collections;
    private ClaimCheck groups;

    @BeforeEach
    void open() throws Exception {
        begin();
    }

    private void begin() throws Exception {
        target = servers.target.createOrganization();
        migration = servers.migrationInto(target);
        owner = servers.target.owner();
        collections = servers.importCollections(migration, target);
        snapshot = servers.snapshot(migration);
        groups = Turn.toTheEnd(
                        provisionGroups,
                        new ProvisionGroups(migration.id(), 1, snapshot, collections),
                        GroupsProvisioned.class)
                .outcomes();
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everybodyIsInvitedOnceWithRoleAccessAndGroups() throws Exception {
        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(7, 0, 0));
        assertThat(reply.invited()).isEqualTo(6);
        assertThat(reply.updated()).isEqualTo(1);
        assertInvitedOnce(reply);
        assertThat(servers.inTarget(target, NEVER_REGISTERED).status()).isEqualTo(MemberStatus.INVITED);
        assertThat(servers.inTarget(target, NEVER_REGISTERED).collections())
                .as("what the source keeps for people who are only invited")
                .hasSize(1);
        assertThat(servers.inTarget(target, RecordedAccount.ALICE.email()).status())
                .isEqualTo(MemberStatus.ACCEPTED);
    }

    @Test
    void theAccountThatMigratesIsNotInvitedAndStaysOwner() throws Exception {
        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .filteredOn(outcome -> outcome.reason().isPresent())
                .extracting(ObjectOutcome::outcome, ObjectOutcome::reason)
                .containsExactly(tuple(Outcome.MOVED, Optional.of(ReasonCode.MIGRATION_ACCOUNT)));
        assertThat(servers.inTarget(target, RecordedAccount.OWNER.email()).role())
                .isEqualTo(MemberRole.OWNER);
    }

    @Test
    void nobodyIsInvitedTwiceWhenTheStepIsRepeated() throws Exception {
        // Given
        Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertInvitedOnce(reply);
        assertThat(reply.invited()).isEqualTo(6);
        assertThat(servers.target.successes(INVITE)).isEqualTo(6);
        assertThat(servers.target.successes(UPDATE)).isZero();
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.identity.messaging.Faults#ofWrites")
    void everybodyIsInvitedOnceWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        servers.target.sandbox().addFault(Fault.once(INVITE, mode));
        servers.target.sandbox().addFault(new Fault(INVITE, 5, 1, mode));

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(servers.target.sandbox().journal(0))
                .anyMatch(call -> call.fault().isPresent());
        assertThat(reply.tally()).isEqualTo(new Tally(7, 0, 0));
        assertInvitedOnce(reply);
    }

    @Test
    void everybodyIsInvitedOnceWhereverAWorkerDies() throws Exception {
        for (int point = 1; ; point += 4) {
            // Given
            begin();
            servers.target.sandbox().addFault(new Fault(INVITE, 1 + point % 6, 1, new Fault.DropAfterEffect()));

            // When
            boolean died = Turn.diesAt(point, invite, inviting());
            MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

            // Then
            servers.target.sandbox().clearFaults();
            assertThat(reply.tally()).as("point %d", point).isEqualTo(new Tally(7, 0, 0));
            assertInvitedOnce(reply);
            if (!died) {
                assertThat(point).isGreaterThan(12);
                return;
            }
        }
    }

    @Test
    void whoIsInTheTargetKeepsWhatTheyHaveThereAndGetsTheRest() throws Exception {
        // Given
        CollectionId theirs = owner.createCollection(
                target.id(), target.key().encryptText("Theirs"), Optional.empty(), List.of(), List.of());
        Access<CollectionId> manages = new Access<>(theirs, false, false, true);
        Access<CollectionId> reads = new Access<>(theirs, true, false, false);
        owner.invite(
                target.id(),
                new Invitation(
                        RecordedAccount.ALICE.email(), MemberRole.CUSTOM, Map.of(), List.of(manages), List.of()));
        servers.confirm(target, servers.inTarget(target, RecordedAccount.ALICE.email()));
        owner.invite(
                target.id(),
                new Invitation(RecordedAccount.BOB.email(), MemberRole.USER, Map.of(), List.of(reads), List.of()));
        long invitations = servers.target.successes(INVITE);

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(reply.invited()).isEqualTo(4);
        assertThat(reply.updated()).isEqualTo(3);
        assertThat(servers.target.successes(INVITE)).isEqualTo(invitations + 4);
        Member alice = servers.inTarget(target, RecordedAccount.ALICE.email());
        assertThat(alice.role()).isEqualTo(MemberRole.CUSTOM);
        assertThat(alice.status()).isEqualTo(MemberStatus.CONFIRMED);
        assertThat(alice.collections()).contains(manages).hasSize(2);
        assertThat(alice.groups()).hasSize(1);
        Member bob = servers.inTarget(target, RecordedAccount.BOB.email());
        assertThat(bob.status())
                .as("not confirmed, so his listing shows no access")
                .isEqualTo(MemberStatus.ACCEPTED);
        assertThat(bob.collections()).contains(reads).hasSize(2);
        assertThat(bob.groups()).hasSize(1);
    }

    @Test
    void whoWasRevokedInTheSourceIsRevokedInTheTarget() throws Exception {
        // Given
        MemberId bob = memberOfSource(RecordedAccount.BOB.email());
        servers.source.owner().revokeMember(servers.recorded.id(), bob);
        snapshot = servers.snapshot(migration);
        servers.target.sandbox().addFault(Fault.once(REVOKE, new Fault.DropAfterEffect()));

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(servers.inTarget(target, RecordedAccount.BOB.email()).status())
                .isEqualTo(MemberStatus.REVOKED);
        assertThat(servers.inTarget(target, RecordedAccount.BOB.email()).collections())
                .as("what he gets back when he is restored")
                .hasSize(1);
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .filteredOn(outcome -> outcome.sourceId().equals(bob.value()))
                .extracting(ObjectOutcome::reason)
                .containsExactly(Optional.of(ReasonCode.REVOKED_AT_SOURCE));
        assertThat(servers.target.successes(REVOKE)).isEqualTo(1);
    }

    @Test
    void whomTheTargetRefusesIsQuarantinedAndTheOthersAreInvited() throws Exception {
        // Given
        servers.target.sandbox().addFault(new Fault(INVITE, 3, 1, new Fault.Refuse(400, Duration.ZERO)));

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(6, 0, 1));
        assertThat(owner.members(target.id())).hasSize(6);
    }

    @Test
    void withoutGroupsEverybodyIsInvitedAllTheSame() throws Exception {
        // When
        MembersInvited reply = Turn.toTheEnd(
                invite, new InviteMembers(migration.id(), 1, snapshot, collections, null), MembersInvited.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(7, 0, 0));
        assertThat(owner.members(target.id()))
                .hasSize(7)
                .allMatch(member -> member.groups().isEmpty());
    }

    @Test
    void manyPeopleTakeACallEachAndAFewListings() throws Exception {
        // Given
        List<Member> people = IntStream.range(0, 300)
                .mapToObj(number -> person("person-" + number, "Person-" + number + "@example.test"))
                .toList();
        snapshot = servers.snapshot(migration, List.of(), people, List.of());
        long before = servers.target.successes("GET /api/organizations/{id}/users");

        // When
        MembersInvited reply = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // Then
        assertThat(reply.invited()).isEqualTo(300);
        assertThat(owner.members(target.id())).hasSize(301);
        assertThat(servers.target.successes("GET /api/organizations/{id}/users") - before)
                .isLessThan(10);
    }

    @Test
    void whoHasAcceptedGetsTheKeyAndNobodyElse() throws Exception {
        // Given
        ClaimCheck members =
                Turn.toTheEnd(invite, inviting(), MembersInvited.class).outcomes();

        // When
        MembersConfirmed reply = Turn.toTheEnd(confirm, confirming(members), MembersConfirmed.class);

        // Then
        assertThat(reply.confirmed()).isEqualTo(6);
        assertThat(reply.waiting()).isZero();
        assertConfirmed();
        assertThat(servers.inTarget(target, NEVER_REGISTERED).status()).isEqualTo(MemberStatus.INVITED);
    }

    @Test
    void confirmedPeopleHaveWhatTheyHadInTheSource() throws Exception {
        // Given
        MembersInvited invited = Turn.toTheEnd(invite, inviting(), MembersInvited.class);

        // When
        Turn.toTheEnd(confirm, confirming(invited.outcomes()), MembersConfirmed.class);

        // Then
        assertInvitedOnce(invited);
    }

    @Test
    void whoWasConfirmedInTheSourceAndHasNoAccountYetIsWaitedFor() throws Exception {
        // Given
        Member newcomer = person("newcomer", "newcomer@example.test");
        snapshot = servers.snapshot(migration, List.of(), List.of(newcomer), List.of());
        ClaimCheck members =
                Turn.toTheEnd(invite, inviting(), MembersInvited.class).outcomes();

        // When
        MembersConfirmed reply = Turn.toTheEnd(confirm, confirming(members), MembersConfirmed.class);

        // Then
        assertThat(reply.confirmed()).isZero();
        assertThat(reply.waiting()).isEqualTo(1);
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .extracting(ObjectOutcome::sourceId, ObjectOutcome::outcome, ObjectOutcome::reason)
                .containsExactly(tuple("newcomer", Outcome.MOVED, Optional.of(ReasonCode.STILL_INVITED)));
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.identity.messaging.Faults#ofWrites")
    void everybodyIsConfirmedWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        ClaimCheck members =
                Turn.toTheEnd(invite, inviting(), MembersInvited.class).outcomes();
        servers.target.sandbox().addFault(new Fault(CONFIRM, 2, 1, mode));

        // When
        MembersConfirmed reply = Turn.toTheEnd(confirm, confirming(members), MembersConfirmed.class);

        // Then
        assertThat(reply.confirmed()).isEqualTo(6);
        assertConfirmed();
    }

    @Test
    void everybodyIsConfirmedWhereverAWorkerDies() throws Exception {
        // Given
        ClaimCheck members =
                Turn.toTheEnd(invite, inviting(), MembersInvited.class).outcomes();
        for (int point = 1; point <= 5; point++) {
            assertThat(Turn.diesAt(2, confirm, confirming(members))).isEqualTo(point < 5);
        }

        // When
        MembersConfirmed reply = Turn.toTheEnd(confirm, confirming(members), MembersConfirmed.class);

        // Then
        assertThat(reply.confirmed()).isEqualTo(6);
        assertConfirmed();
        assertThat(servers.target.successes(CONFIRM)).isEqualTo(5);
    }

    @Test
    void whoIsNotInTheTargetAnyMoreIsReportedAndHoldsUpNobody() throws Exception {
        // Given
        ClaimCheck members =
                Turn.toTheEnd(invite, inviting(), MembersInvited.class).outcomes();
        owner.removeMember(
                target.id(),
                servers.inTarget(target, RecordedAccount.BOB.email()).id());

        // When
        MembersConfirmed reply = Turn.toTheEnd(confirm, confirming(members), MembersConfirmed.class);

        // Then
        assertThat(reply.confirmed()).isEqualTo(5);
        assertThat(reply.waiting()).isEqualTo(1);
    }

    private InviteMembers inviting() {
        return new InviteMembers(migration.id(), 1, snapshot, collections, groups);
    }

    private ConfirmMembers confirming(ClaimCheck members) {
        return new ConfirmMembers(migration.id(), 1, snapshot, members, false);
    }

    private MemberId memberOfSource(String email) {
        return servers.members().stream()
                .filter(member -> member.email().equals(email))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static Member person(String id, String email) {
        return new Member(
                new MemberId(id),
                Optional.empty(),
                email,
                Optional.empty(),
                Optional.empty(),
                MemberStatus.CONFIRMED,
                MemberRole.USER,
                false,
                false,
                List.of(),
                List.of(),
                Map.of());
    }

    /** Everybody of the source is in the target once, with the same role, access and groups, and was invited by one call. */
    private void assertInvitedOnce(MembersInvited reply) {
        Map<String, String> memberIds = servers.targetIds(migration, reply.outcomes());
        Map<String, String> collectionIds = servers.targetIds(migration, collections);
        Map<String, String> groupIds = servers.targetIds(migration, groups);
        Map<String, Member> there = new HashMap<>();
        owner.members(target.id()).forEach(member -> there.put(member.id().value(), member));
        assertThat(there.keySet()).containsExactlyInAnyOrderElementsOf(memberIds.values());
        for (Member person : servers.members()) {
            Member arrived = there.get(memberIds.get(person.id().value()));
            assertThat(arrived.email()).isEqualTo(person.email());
            assertThat(arrived.role()).isEqualTo(person.role());
            assertThat(arrived.accessAll()).isEqualTo(person.accessAll());
            Set<Access<CollectionId>> access = new HashSet<>();
            person.collections()
                    .forEach(given -> access.add(new Access<>(
                            new CollectionId(collectionIds.get(given.id().value())),
                            given.readOnly(),
                            given.hidePasswords(),
                            given.manage())));
            assertThat(new HashSet<>(arrived.collections())).isEqualTo(access);
            assertThat(arrived.groups())
                    .extracting(GroupId::value)
                    .containsExactlyInAnyOrderElementsOf(person.groups().stream()
                            .map(group -> groupIds.get(group.value()))
                            .toList());
        }
        // The server refuses to invite somebody a second time.
        assertThat(servers.target.sandbox().journal(0))
                .filteredOn(call -> call.endpoint().endsWith("/users/invite"))
                .noneMatch(call -> call.status() == 400);
    }

    /** Who has an account on the target opens the organization's key with their own. */
    private void assertConfirmed() {
        for (RecordedAccount account : RecordedAccount.values()) {
            EncString wrapped = servers.target.session(account).profile().organizations().stream()
                    .filter(membership -> membership.id().equals(target.id()))
                    .map(membership -> EncString.parse(membership.wrappedKey().orElseThrow()))
                    .findFirst()
                    .orElseThrow();
            try (PrivateKey privateKey = account.privateKey();
                    SymmetricKey key = privateKey.unwrap(wrapped)) {
                assertThat(key.sameAs(target.key())).as(account.name()).isTrue();
            }
        }
    }
}
