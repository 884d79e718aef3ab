package io.vaultferry.identity.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.claimcheck.documents.OutcomeWriter;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Participant;
import io.vaultferry.participant.documents.SnapshotWriter;
import io.vaultferry.testsupport.RecordedOrganization;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import io.vaultferry.testsupport.TestServer;
import jakarta.enterprise.context.Dependent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A server with the recorded organization and one to migrate to, and migrations between them. Each test has its own. */
@Dependent
class Servers implements AutoCloseable {

    final TestServer source;
    final TestServer target;
    final TestOrganization recorded = new TestOrganization(RecordedOrganization.ID, RecordedOrganization.key());
    private final ClaimCheckStore store;

    Servers(ClaimCheckStore store, @ConfigProperty(name = SandboxAuthority.TLS_DIRECTORY) String tls) {
        this.store = store;
        this.source = TestServer.withOrganization(tls);
        this.target = TestServer.withAccounts(tls);
    }

    /** A migration into this organization. */
    TestMigration migrationInto(TestOrganization organization) {
        return new TestMigration(Participant.IDENTITY).grantTarget(target, organization);
    }

    List<Group> groups() {
        return source.owner().groups(recorded.id());
    }

    List<Member> members() {
        return source.owner().members(recorded.id());
    }

    /** What EXPORT_VAULT writes of the recorded organization, without items. */
    ClaimCheck snapshot(TestMigration migration) {
        return snapshot(migration, groups(), members(), source.owner().policies(recorded.id()));
    }

    ClaimCheck snapshot(TestMigration migration, List<Group> groups, List<Member> members, List<Policy> policies) {
        BitwardenSession owner = source.owner();
        return SnapshotWriter.write(store, migration.stagingKey(), migration.id(), sink -> {
            sink.organization(owner.organization(recorded.id()));
            for (Collection collection : owner.collections(recorded.id())) {
                sink.collection(collection);
            }
            for (Group group : groups) {
                sink.group(group);
            }
            for (Member member : members) {
                sink.member(member);
            }
            for (Policy policy : policies) {
                sink.policy(policy);
            }
        });
    }

    /** Creates the recorded collections in the target, and answers what IMPORT_COLLECTIONS writes about it. */
    ClaimCheck importCollections(TestMigration migration, TestOrganization into) {
        Map<CollectionId, CollectionId> made = new HashMap<>();
        for (Collection collection : source.owner().collections(recorded.id())) {
            made.put(
                    collection.id(),
                    target.owner()
                            .createCollection(
                                    into.id(),
                                    into.key().encryptText(recorded.key().decryptText(collection.name())),
                                    Optional.empty(),
                                    List.of(),
                                    List.of()));
        }
        return OutcomeWriter.write(store, migration.stagingKey(), migration.id(), sink -> {
            for (Map.Entry<CollectionId, CollectionId> ids : made.entrySet()) {
                sink.add(ObjectOutcome.moved(
                        ObjectKind.COLLECTION,
                        ids.getKey().value(),
                        ids.getValue().value()));
            }
        });
    }

    List<ObjectOutcome> outcomes(TestMigration migration, ClaimCheck check) {
        List<ObjectOutcome> outcomes = new ArrayList<>();
        try (OutcomeReader lines = OutcomeReader.open(store, migration.stagingKey(), migration.id(), check)) {
            lines.forEachRemaining(outcomes::add);
        }
        return outcomes;
    }

    /** Target ids by source ids. */
    Map<String, String> targetIds(TestMigration migration, ClaimCheck check) {
        Map<String, String> ids = new HashMap<>();
        outcomes(migration, check)
                .forEach(outcome -> outcome.targetId().ifPresent(id -> ids.put(outcome.sourceId(), id)));
        return ids;
    }

    /** Somebody of the target, by address. */
    Member inTarget(TestOrganization organization, String email) {
        return target.owner().members(organization.id()).stream()
                .filter(member -> member.email().equals(email))
                .findFirst()
                .orElseThrow();
    }

    /** Confirms somebody who has accepted, as an operator of the target does. */
    void confirm(TestOrganization organization, Member member) {
        assert member.status() == MemberStatus.ACCEPTED;
        target.owner()
                .confirm(
                        organization.id(),
                        member.id(),
                        target.owner()
                                .publicKeys(organization.id(), List.of(member.id()))
                                .get(member.id())
                                .wrap(organization.key()));
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
