package io.vaultferry.testsupport;

import io.vaultferry.infrastructure.DatabaseAccess;
import io.vaultferry.infrastructure.EmbeddedKafka;
import io.vaultferry.infrastructure.TopicLayout;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The one broker and the one database server of this JVM, started by the first who asks. Quarkus loads tests and their resources in
 * class loaders of its own, anew for each application that it starts; therefore this class is only ever used through
 * {@link #inSystemClassLoader}, so that its statics exist once.
 */
public final class SharedServers {

    private static final Map<String, Map<String, String>> DATABASES = new HashMap<>();
    private static Servers servers;

    private SharedServers() {}

    /** Kafka and, unless the name is empty, that database, as configuration of a Quarkus service. */
    public static synchronized Map<String, String> configurationFor(String database) {
        if (servers == null) {
            servers = start();
            EmbeddedKafka.createTopics(servers.bootstrapServers(), TopicLayout.all());
        }
        Map<String, String> configuration = new HashMap<>();
        configuration.put("kafka.bootstrap.servers", servers.bootstrapServers());
        if (!database.isEmpty()) {
            // Asked for once only: asking again changes the password under the feet of an application that still runs.
            configuration.putAll(DATABASES.computeIfAbsent(database, SharedServers::datasourceOf));
        }
        return Map.copyOf(configuration);
    }

    /** The same from any class loader. Only JDK types cross the border. */
    static Map<String, String> inSystemClassLoader(String database) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            Map<String, String> configuration = new HashMap<>();
            Object answer = Class.forName(SharedServers.class.getName(), true, ClassLoader.getSystemClassLoader())
                    .getMethod("configurationFor", String.class)
                    .invoke(null, database);
            ((Map<?, ?>) answer).forEach((key, value) -> configuration.put((String) key, (String) value));
            return configuration;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The test servers did not start", e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Servers start() {
        String choice = System.getProperty("infra", "embedded");
        return switch (choice.toLowerCase(Locale.ROOT)) {
            case "embedded" -> EmbeddedServers.start();
            case "docker" -> ContainerServers.start();
            case "external" -> ExternalServers.named();
            default -> throw new IllegalStateException("-Dinfra=" + choice + " is none of embedded, docker, external");
        };
    }

    private static Map<String, String> datasourceOf(String name) {
        DatabaseAccess database = servers.database(name);
        return Map.of(
                "quarkus.datasource.jdbc.url", database.jdbcUrl(),
                "quarkus.datasource.username", database.username(),
                "quarkus.datasource.password", database.password());
    }
}
