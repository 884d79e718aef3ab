package io.vaultferry.identity.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.StepCommand.ApplyPolicies;
import io.vaultferry.contracts.StepReply.PoliciesApplied;
import io.vaultferry.contracts.Tally;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(IdentityProfile.class)
class ApplyPoliciesIT {

    private static final String SET = "PUT /api/organizations/{id}/policies/{type}";

    @Inject
    ApplyPoliciesHandler handler;

    @Inject
    Servers servers;

    private TestOrganization target;
    private TestMigration migration;

    @BeforeEach
    void open() {
        target = servers.target.createOrganization();
        migration = servers.migrationInto(target);
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void everyPolicyIsSetWithItsData() throws Exception {
        // When
        PoliciesApplied reply = apply(servers.source.owner().policies(servers.recorded.id()));

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(3, 0, 0));
        assertThat(inTarget())
                .containsExactlyInAnyOrderElementsOf(servers.source.owner().policies(servers.recorded.id()));
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.identity.messaging.Faults#ofWrites")
    void everyPolicyIsSetWhateverHappensToACall(Fault.Mode mode) throws Exception {
        // Given
        servers.target.sandbox().addFault(new Fault(SET, 2, 1, mode));

        // When
        PoliciesApplied reply = apply(servers.source.owner().policies(servers.recorded.id()));

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(3, 0, 0));
        assertThat(inTarget())
                .containsExactlyInAnyOrderElementsOf(servers.source.owner().policies(servers.recorded.id()));
    }

    @Test
    void whatAnotherPolicyRequiresIsSetBeforeIt() throws Exception {
        // When
        PoliciesApplied reply = apply(List.of(
                new Policy(8, true, Optional.of(Map.of("autoEnrollEnabled", true))),
                new Policy(3, true, Optional.empty())));

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(2, 0, 0));
        assertThat(inTarget()).allMatch(Policy::enabled).hasSize(2);
    }

    @Test
    void whatAnotherPolicyRequiresIsTakenAwayAfterIt() throws Exception {
        // Given
        servers.target.owner().putPolicy(target.id(), 3, true, Optional.empty());
        servers.target.owner().putPolicy(target.id(), 8, true, Optional.empty());

        // When
        PoliciesApplied reply =
                apply(List.of(new Policy(3, false, Optional.empty()), new Policy(8, false, Optional.empty())));

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(2, 0, 0));
        assertThat(inTarget()).noneMatch(Policy::enabled).hasSize(2);
    }

    @Test
    void whatTheTargetDoesNotKnowOrRefusesStaysForAStatedReason() throws Exception {
        // Given
        servers.target.sandbox().addFault(new Fault(SET, 1, 1, new Fault.Refuse(400, Duration.ZERO)));
        servers.target.sandbox().addFault(new Fault(SET, 2, 1, new Fault.Refuse(404, Duration.ZERO)));

        // When
        PoliciesApplied reply = apply(List.of(
                new Policy(1, true, Optional.empty()),
                new Policy(2, true, Optional.empty()),
                new Policy(6, true, Optional.empty()),
                new Policy(9, true, Optional.empty())));

        // Then
        assertThat(reply.tally()).isEqualTo(new Tally(1, 2, 1));
        assertThat(servers.outcomes(migration, reply.outcomes()))
                .extracting(ObjectOutcome::sourceId, ObjectOutcome::outcome, ObjectOutcome::reason)
                .containsExactlyInAnyOrder(
                        tuple("1", Outcome.QUARANTINED, Optional.of(ReasonCode.REFUSED_BY_TARGET)),
                        tuple("2", Outcome.SKIPPED, Optional.of(ReasonCode.UNSUPPORTED_BY_TARGET)),
                        tuple("6", Outcome.MOVED, Optional.empty()),
                        tuple("9", Outcome.SKIPPED, Optional.of(ReasonCode.UNSUPPORTED_BY_TARGET)));
        assertThat(inTarget()).extracting(Policy::type).containsExactly(6);
    }

    private PoliciesApplied apply(List<Policy> policies) throws Exception {
        return Turn.toTheEnd(
                handler,
                new ApplyPolicies(migration.id(), 1, servers.snapshot(migration, List.of(), List.of(), policies)),
                PoliciesApplied.class);
    }

    private List<Policy> inTarget() {
        return servers.target.owner().policies(target.id());
    }
}
