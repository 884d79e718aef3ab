package io.vaultferry.importing.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.StepCommand.InspectTarget;
import io.vaultferry.contracts.StepReply.TargetInspected;
import io.vaultferry.contracts.TargetFacts;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.participant.documents.Baseline;
import io.vaultferry.participant.documents.BaselineLine;
import io.vaultferry.sandbox.Seed;
import io.vaultferry.testsupport.RecordedAccount;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import io.vaultferry.testsupport.TestServer;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ImportProfile.class)
class InspectTargetIT {

    @Inject
    InspectTargetHandler handler;

    @Inject
    ClaimCheckStore store;

    @Inject
    Servers servers;

    @ConfigProperty(name = SandboxAuthority.TLS_DIRECTORY)
    String tls;

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void whatTheTargetHoldsIsCountedAndBecomesTheBaseline() throws Exception {
        // Given
        TestMigration migration = servers.migration().grantTarget(servers.source, servers.recorded);

        // When
        TargetInspected reply = inspect(migration, false);

        // Then
        assertThat(reply.server().kind()).isEqualTo("VAULTWARDEN");
        TargetFacts facts = reply.facts();
        assertThat(facts.existingCollections()).isEqualTo(9);
        assertThat(facts.existingGroups()).isEqualTo(4);
        assertThat(facts.existingMembers()).isEqualTo(7);
        assertThat(facts.existingItems()).isEqualTo(21);
        assertThat(facts.existingPolicies()).isEqualTo(3);
        assertThat(facts.groupsSupported()).isTrue();
        assertThat(facts.itemTypes()).containsExactly(1, 2, 3, 4, 5);
        assertThat(facts.policyTypes()).contains(0, 1, 2, 3, 5, 6).doesNotContain(4, 9);
        assertThat(facts.freeSeats()).isNull();
        assertThat(facts.storageLeft()).isEqualTo(32_767L << 30);
        assertThat(linesByKind(migration, reply.baseline()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        ObjectKind.COLLECTION, 9L,
                        ObjectKind.GROUP, 4L,
                        ObjectKind.MEMBER, 7L,
                        ObjectKind.POLICY, 3L,
                        ObjectKind.ITEM, 21L));
    }

    @Test
    void theBaselineOfTwoLooksIsTheSame() throws Exception {
        // Given
        TestMigration migration = servers.migration().grantTarget(servers.source, servers.recorded);

        // When
        List<BaselineLine> one = lines(migration, inspect(migration, false).baseline());
        List<BaselineLine> other = lines(migration, inspect(migration, false).baseline());

        // Then
        assertThat(other).containsExactlyInAnyOrderElementsOf(one);
    }

    @Test
    void anAdministratorSeesAllButTheOrganizationsOwnSettings() throws Exception {
        // Given
        TestMigration migration =
                servers.migration().grantTarget(servers.source, servers.recorded, RecordedAccount.ADMIN);

        // When
        TargetFacts facts = inspect(migration, false).facts();

        // Then
        assertThat(facts.existingItems()).isEqualTo(21);
        assertThat(facts.existingMembers()).isEqualTo(7);
        assertThat(facts.storageLeft()).isNull();
    }

    @Test
    void aManagerWhoSeesOnlyAPartIsRefused() {
        // Given
        TestMigration migration =
                servers.migration().grantTarget(servers.source, servers.recorded, RecordedAccount.MANAGER);

        // Then
        assertThatThrownBy(() -> inspect(migration, false))
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(FailureCode.RIGHTS_MISSING));
    }

    @Test
    void anOrganizationThatIsStillToBeCreatedHoldsNothing() throws Exception {
        // Given
        TestMigration migration = servers.migration().grantCreation(servers.target, "New", "billing@example.test");

        // When
        TargetInspected reply = inspect(migration, true);

        // Then
        assertThat(reply.facts().existingItems()).isZero();
        assertThat(reply.facts().freeCollections()).isNull();
        assertThat(lines(migration, reply.baseline())).isEmpty();
    }

    @Test
    void aServerWithoutGroupsSaysSo() throws Exception {
        // Given
        try (TestServer withoutGroups = TestServer.start(
                tls, builder -> builder.seed(Seed.recordedAccountsOnly()).groupsEnabled(false))) {
            TestOrganization target = withoutGroups.createOrganization();
            TestMigration migration = servers.migration().grantTarget(withoutGroups, target);

            // When
            TargetFacts facts = inspect(migration, false).facts();

            // Then
            assertThat(facts.groupsSupported()).isFalse();
        }
    }

    private TargetInspected inspect(TestMigration migration, boolean create) throws Exception {
        return Turn.toTheEnd(handler, new InspectTarget(migration.id(), 1, create), TargetInspected.class);
    }

    private List<BaselineLine> lines(TestMigration migration, ClaimCheck baseline) {
        try (Baseline.Lines lines = Baseline.open(store, migration.stagingKey(), migration.id(), baseline)) {
            Iterable<BaselineLine> all = () -> lines;
            return StreamSupport.stream(all.spliterator(), false).toList();
        }
    }

    private Map<ObjectKind, Long> linesByKind(TestMigration migration, ClaimCheck baseline) {
        Map<ObjectKind, Long> counts = new EnumMap<>(ObjectKind.class);
        lines(migration, baseline).forEach(line -> counts.merge(line.kind(), 1L, Long::sum));
        return counts;
    }
}
