package io.vaultferry.exporting;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import java.util.List;
import java.util.Map;

/** The whole service on a real broker and a real database. */
public final class ExportProfile implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(EmbeddedInfrastructure.class, Map.of("database", "export")),
                new TestResourceEntry(GrantingOrchestrator.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
