package io.vaultferry.orchestrator;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A whole orchestrator on a real database, with keys of its own, for tests of access, custody and grants. */
public final class CustodyProfile implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(EmbeddedInfrastructure.class, Map.of("database", "custody")),
                new TestResourceEntry(TestKeys.class));
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(WrittenMigrations.class);
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
