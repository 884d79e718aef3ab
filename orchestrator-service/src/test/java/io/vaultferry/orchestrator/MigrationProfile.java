package io.vaultferry.orchestrator;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import java.util.List;
import java.util.Map;

/** A whole orchestrator on a real broker and a real database, with two servers to migrate between, and little patience. */
public final class MigrationProfile implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(EmbeddedInfrastructure.class, Map.of("database", "orchestrator")),
                new TestResourceEntry(TestKeys.class),
                new TestResourceEntry(TwoServers.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "vaultferry.saga.step-deadline", "5s",
                "vaultferry.saga.member-polls", "1s,2s",
                "vaultferry.topics.interval", "1s",
                // A resource of other tests; the committed document shows the product.
                "mp.openapi.scan.exclude.classes", "io.vaultferry.orchestrator.api.problem.ProblematicResource");
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
