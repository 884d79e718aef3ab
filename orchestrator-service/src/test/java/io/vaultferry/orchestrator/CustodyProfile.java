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
                new TestResourceEntry(TestKeys.class),
                new TestResourceEntry(TestAuthority.class));
    }

    /** Everything is logged, so that the tests can look for secrets in it, but not shown. */
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // Deriving a key takes long where many builds share a machine.
                "quarkus.http.test-timeout", "180s",
                "quarkus.log.console.level", "INFO",
                "quarkus.log.category.\"io.vaultferry\".level", "DEBUG",
                "quarkus.log.category.\"io.quarkus.vertx\".level", "DEBUG",
                "quarkus.log.category.\"org.jboss.resteasy\".level", "DEBUG",
                "quarkus.log.category.\"org.hibernate.validator\".level", "DEBUG",
                "quarkus.log.category.\"jdk.internal.httpclient\".level", "DEBUG",
                "quarkus.log.category.\"io.agroal\".level", "DEBUG");
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
