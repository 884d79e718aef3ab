package io.vaultferry.importing.messaging;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.Participant;
import io.vaultferry.participant.documents.SnapshotWriter;
import io.vaultferry.testsupport.RecordedOrganization;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import io.vaultferry.testsupport.TestServer;
import jakarta.enterprise.context.Dependent;
import java.util.ArrayList;
import java.util.List;
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

    /** A migration of the recorded organization into this one. */
    TestMigration migrationInto(TestOrganization organization) {
        return new TestMigration(Participant.IMPORT)
                .grantSourceKey(source, recorded)
                .grantTarget(target, organization);
    }

    TestMigration migration() {
        return new TestMigration(Participant.IMPORT);
    }

    /** What EXPORT_VAULT writes of the recorded organization. */
    ClaimCheck snapshot(TestMigration migration) {
        return snapshot(
                migration,
                source.owner().collections(recorded.id()),
                source.owner().items(recorded.id()));
    }

    /** A snapshot with these collections and items. */
    ClaimCheck snapshot(TestMigration migration, List<Collection> collections, List<Item> items) {
        BitwardenSession owner = source.owner();
        return SnapshotWriter.write(store, migration.stagingKey(), migration.id(), sink -> {
            sink.organization(owner.organization(recorded.id()));
            for (Collection collection : collections) {
                sink.collection(collection);
            }
            for (Item item : items) {
                sink.item(item);
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

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
