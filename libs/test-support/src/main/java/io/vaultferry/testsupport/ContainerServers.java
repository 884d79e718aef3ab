package io.vaultferry.testsupport;

import io.vaultferry.infrastructure.DatabaseAccess;
import io.vaultferry.infrastructure.DatabaseServer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The images that also the compose file runs. Testcontainers removes the containers when this JVM ends. */
final class ContainerServers implements Servers {

    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.1.1");
    private static final DockerImageName POSTGRESQL = DockerImageName.parse("postgres:18");

    private final KafkaContainer kafka;
    private final DatabaseServer databases;

    private ContainerServers(KafkaContainer kafka, DatabaseServer databases) {
        this.kafka = kafka;
        this.databases = databases;
    }

    @SuppressWarnings("resource") // both containers live until the JVM ends
    static ContainerServers start() {
        KafkaContainer kafka = new KafkaContainer(KAFKA).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        PostgreSQLContainer postgresql = new PostgreSQLContainer(POSTGRESQL);
        kafka.start();
        postgresql.start();
        return new ContainerServers(
                kafka,
                new DatabaseServer(
                        postgresql.getHost() + ":" + postgresql.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                        postgresql.getUsername(),
                        postgresql.getPassword()));
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }

    @Override
    public DatabaseAccess database(String name) {
        return databases.provide(name);
    }
}
