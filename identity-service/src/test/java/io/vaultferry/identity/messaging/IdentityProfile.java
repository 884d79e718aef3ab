package io.vaultferry.identity.messaging;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import java.util.List;
import java.util.Map;

/** The whole service on a real database and broker, with grants that the tests write. */
public final class IdentityProfile implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(EmbeddedInfrastructure.class, Map.of("database", "identity")),
                new TestResourceEntry(GrantingOrchestrator.class),
                new TestResourceEntry(SandboxAuthority.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
