package io.vaultferry.identity.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.ProvisionGroups;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply.GroupsProvisioned;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.Tally;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Seed;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import io.vaultferry.testsupport.TestServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(IdentityProfile.class)
class ProvisionGroupsIT {

    private static final String CREATE = "POST /api/organizations/{id}/groups";

    @Inject
    ProvisionGroupsHandler handler;

    @Inject
    UndoIdentityHandler undo;

    @Inject
    Servers servers;

    @ConfigProperty(name = SandboxAuthority.TLS_DIRECTORY)
    String tls;

    private TestOrganization target;
    private TestMigration migration;
    private BitwardenSession owner;
    private ClaimCheck collections;

    @BeforeEach
    void open() {
        begin();
    }

    private void begin() {
        target = servers.target.createOrganization();
        migration = servers.migrationInto(target);
        owner = servers.target.owner();
        collections = servers.importCollections(migration, target);
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everyGroupArrivesOnceWithItsAccessAndWithoutMembers() throws Exception {
        // When
        GroupsProvisioned reply = Turn.toTheEnd(handler, command(servers.groups()), GroupsProvisioned.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(4, 0, 0));
        assertArrivedOnce(servers.groups(), reply);
    }

    @Test
    void groupsOfOneNameStayTwoAndAnotherOfThatNameIsNotTakenForOurs() throws Exception {
        // Given
        GroupId before = owner.createGroup(
                target.id(), new GroupRequest("Developers", Optional.empty(), false, List.of(), List.of()));
        List<Group> groups =
                List.of(group("one", "Developers"), group("two", "Developers"), group("three", "Ключи 🔑"));
        servers.target.sandbox().addFault(Fault.once(CREATE, new Fault.DropAfterEffect()));

        // When
        GroupsProvisioned reply = Turn.toTheEnd(handler, command(groups), GroupsProvisioned.class);

        // Then
        assertThat(servers.targetIds(migration, reply.outcomes()).values())
                .hasSize(3)
                .doesNotHaveDuplicates()
                .doesNotContain(before.value());
        assertThat(owner.groups(target.id()))
                .extracting(Group::name)
                .containsExactlyInAnyOrder("Developers", "Developers", "Developers", "Ключи 🔑");
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.identity.messaging.Faults#ofWrites")
    void everyGroupArrivesOnceWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        List<Group> groups = new ArrayList<>(servers.groups());
        groups.add(group("namesake", groups.getFirst().name()));
        servers.target.sandbox().addFault(Fault.once(CREATE, mode));
        servers.target.sandbox().addFault(new Fault(CREATE, 5, 1, mode));

        // When
        GroupsProvisioned reply = Turn.toTheEnd(handler, command(groups), GroupsProvisioned.class);

        // Then
        assertThat(servers.target.sandbox().journal(0))
                .anyMatch(call -> call.fault().isPresent());
        assertThat(reply.tally()).isEqualTo(new Tally(5, 0, 0));
        assertArrivedOnce(groups, reply);
    }

    @Test
    void everyGroupArrivesOnceWhereverAWorkerDies() throws Exception {
        for (int point = 1; ; point += 2) {
            // Given
            begin();
            ProvisionGroups command = command(servers.groups());
            servers.target.sandbox().addFault(new Fault(CREATE, 1 + point % 4, 1, new Fault.DropAfterEffect()));

            // When
            boolean died = Turn.diesAt(point, handler, command);
            GroupsProvisioned reply = Turn.toTheEnd(handler, command, GroupsProvisioned.class);

            // Then
            servers.target.sandbox().clearFaults();
            assertThat(reply.tally()).as("point %d", point).isEqualTo(new Tally(4, 0, 0));
            assertArrivedOnce(servers.groups(), reply);
            if (!died) {
                assertThat(point).isGreaterThan(10);
                return;
            }
        }
    }

    @Test
    void aServerWithoutGroupsGetsNone() throws Exception {
        // Given
        try (TestServer withoutGroups = TestServer.start(
                tls, builder -> builder.seed(Seed.recordedAccountsOnly()).groupsEnabled(false))) {
            TestOrganization organization = withoutGroups.createOrganization();
            migration.grantTarget(withoutGroups, organization);

            // When
            GroupsProvisioned reply = Turn.toTheEnd(handler, command(servers.groups()), GroupsProvisioned.class);

            // Then
            assertThat(reply.tally()).isEqualTo(new Tally(0, 4, 0));
            assertThat(servers.outcomes(migration, reply.outcomes()))
                    .extracting(ObjectOutcome::outcome, ObjectOutcome::reason)
                    .containsOnly(tuple(Outcome.SKIPPED, Optional.of(ReasonCode.UNSUPPORTED_BY_TARGET)));
            assertThat(withoutGroups.successes(CREATE)).isZero();
        }
    }

    @Test
    void aGroupThatTheTargetRefusesIsQuarantinedAndTheOthersArrive() throws Exception {
        // Given
        servers.target.sandbox().addFault(new Fault(CREATE, 2, 1, new Fault.Refuse(400, Duration.ZERO)));

        // When
        GroupsProvisioned reply = Turn.toTheEnd(handler, command(servers.groups()), GroupsProvisioned.class);

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(3, 0, 1));
        assertThat(owner.groups(target.id())).hasSize(3);
    }

    @Test
    void undoingTakesBackWhatWasMadeAndKeepsWhatSomebodyEdited() throws Exception {
        // Given
        GroupId before = owner.createGroup(
                target.id(), new GroupRequest("Auditors", Optional.empty(), false, List.of(), List.of()));
        List<Group> groups = new ArrayList<>(servers.groups());
        groups.add(group("renamed", "Renamed"));
        groups.add(group("joined", "Joined"));
        groups.add(group("extended", "Extended"));
        Map<String, String> ids = servers.targetIds(
                migration,
                Turn.toTheEnd(handler, command(groups), GroupsProvisioned.class).outcomes());
        GroupId renamed = new GroupId(ids.get("renamed"));
        GroupId joined = new GroupId(ids.get("joined"));
        GroupId extended = new GroupId(ids.get("extended"));
        owner.updateGroup(
                target.id(), renamed, new GroupRequest("Another name", Optional.empty(), false, List.of(), List.of()));
        owner.updateGroup(
                target.id(),
                joined,
                new GroupRequest(
                        "Joined",
                        Optional.empty(),
                        false,
                        List.of(),
                        List.of(owner.members(target.id()).getFirst().id())));
        owner.updateGroup(
                target.id(),
                extended,
                new GroupRequest(
                        "Extended",
                        Optional.empty(),
                        false,
                        List.of(new Access<>(
                                owner.collections(target.id()).getFirst().id(), false, false, false)),
                        List.of()));

        // When
        StepUndone undone =
                Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.PROVISION_GROUPS, 1), StepUndone.class);

        // Then
        assertThat(undone).isEqualTo(new StepUndone(migration.id(), Step.PROVISION_GROUPS, 1, 4, 3));
        assertThat(owner.groups(target.id()))
                .extracting(Group::id)
                .containsExactlyInAnyOrder(before, renamed, joined, extended);
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.identity.messaging.Faults#lostAnswers")
    void undoingTakesBackEverythingWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        Turn.toTheEnd(handler, command(servers.groups()), GroupsProvisioned.class);
        servers.target.sandbox().addFault(new Fault("DELETE /api/organizations/{id}/groups/{group}", 2, 1, mode));

        // When
        Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.PROVISION_GROUPS, 1), StepUndone.class);

        // Then
        assertThat(owner.groups(target.id())).isEmpty();
    }

    @Test
    void undoingAfterALostAnswerFindsWhatArrived() throws Exception {
        // Given
        ProvisionGroups command = command(servers.groups());
        servers.target.sandbox().addFault(Fault.once(CREATE, new Fault.DropAfterEffect()));
        int point = 1;
        while (owner.groups(target.id()).isEmpty()) {
            assertThat(Turn.diesAt(point++, handler, command)).isTrue();
        }

        // When
        StepUndone undone =
                Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.PROVISION_GROUPS, 1), StepUndone.class);

        // Then
        assertThat(undone.removed()).isEqualTo(1);
        assertThat(owner.groups(target.id())).isEmpty();
    }

    private ProvisionGroups command(List<Group> groups) {
        return new ProvisionGroups(
                migration.id(), 1, servers.snapshot(migration, groups, List.of(), List.of()), collections);
    }

    private static Group group(String id, String name) {
        return new Group(new GroupId(id), name, Optional.empty(), false, List.of(), List.of());
    }

    private void assertArrivedOnce(List<Group> groups, GroupsProvisioned reply) {
        Map<String, String> collectionIds = servers.targetIds(migration, collections);
        Map<String, String> groupIds = servers.targetIds(migration, reply.outcomes());
        Map<String, Group> there = new HashMap<>();
        owner.groups(target.id()).forEach(group -> there.put(group.id().value(), group));
        assertThat(there.keySet()).containsExactlyInAnyOrderElementsOf(groupIds.values());
        assertThat(groupIds).hasSameSizeAs(groups);
        for (Group group : groups) {
            Group arrived = there.get(groupIds.get(group.id().value()));
            assertThat(arrived.name()).isEqualTo(group.name());
            assertThat(arrived.externalId()).isEqualTo(group.externalId());
            assertThat(arrived.members()).isEmpty();
            Set<Access<CollectionId>> expected = new HashSet<>();
            group.collections()
                    .forEach(access -> expected.add(new Access<>(
                            new CollectionId(collectionIds.get(access.id().value())),
                            access.readOnly(),
                            access.hidePasswords(),
                            access.manage())));
            assertThat(new HashSet<>(arrived.collections())).isEqualTo(expected);
        }
    }
}
