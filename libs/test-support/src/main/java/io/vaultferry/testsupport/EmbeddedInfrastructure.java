package io.vaultferry.testsupport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Gives a {@code @QuarkusTest} a real Kafka broker with all topics and a real PostgreSQL database:
 *
 * <pre>{@code
 * @QuarkusTest
 * @WithTestResource(value = EmbeddedInfrastructure.class, initArgs = @ResourceArg(name = "database", value = "export"))
 * }</pre>
 *
 * <p>Both servers start once per JVM (1-3 s) and are shared by all tests in it, so tests use ids of their own. Without
 * {@code -Dinfra=docker} (containers) or {@code -Dinfra=external} ({@link ExternalServers}) nothing but Maven artifacts is needed.
 */
public final class EmbeddedInfrastructure implements QuarkusTestResourceLifecycleManager {

    private String database = "";

    @Override
    public void init(Map<String, String> arguments) {
        database = arguments.getOrDefault("database", "");
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> configuration = SharedServers.inSystemClassLoader(database);
        // The broker shares the JVM of the test and would drown its log.
        configuration.put("quarkus.log.category.\"kafka\".level", "WARN");
        configuration.put("quarkus.log.category.\"org.apache.kafka\".level", "WARN");
        configuration.put("quarkus.log.category.\"state.change.logger\".level", "WARN");
        configuration.put("quarkus.devservices.enabled", "false");
        return configuration;
    }

    /** The servers stay for the next test; they end with the JVM. */
    @Override
    public void stop() {}
}
