package io.vaultferry.attachment;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import java.util.List;
import java.util.Map;

/** The whole service on a real broker and a real database, with little patience. */
public final class TransferProfile implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(EmbeddedInfrastructure.class, Map.of("database", "attachment")),
                new TestResourceEntry(GrantingOrchestrator.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("vaultferry.writes.in-flight", "PT0.3S"),
                Map.entry("vaultferry.writes.quiesce", "PT0.1S"),
                Map.entry("vaultferry.transfer.lease", "3s"),
                Map.entry("vaultferry.transfer.heartbeat", "500ms"),
                Map.entry("vaultferry.transfer.margin", "1s"),
                Map.entry("vaultferry.transfer.poll", "100ms"),
                Map.entry("vaultferry.transfer.least-units", "1"),
                // What tests leave lying about is nobody's to pick up.
                Map.entry("vaultferry.transfer.help-after", "1h"),
                Map.entry("vaultferry.transfer.spool-directory", "target/spool"));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
