package io.vaultferry.infrastructure;

import io.vaultferry.infrastructure.process.CannotStartException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker (KRaft, broker and controller in one) inside this JVM, listening on 127.0.0.1 only. Its directory may be used
 * again after a stop or a crash. Topics are never made by mentioning them: call {@link #createTopics} before the first client.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final int PORT_ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts the broker and returns when it accepts clients.
     *
     * @throws CannotStartException when it does not start
     */
    public static EmbeddedKafka start(Path directory, Durability durability) {
        format(directory);
        for (int attempt = 1; ; attempt++) {
            int port = FreePorts.next();
            KafkaRaftServer server = new KafkaRaftServer(
                    new KafkaConfig(settings(directory, durability, port, FreePorts.next()), false), Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, "127.0.0.1:" + port);
            } catch (RuntimeException e) {
                server.shutdown();
                server.awaitShutdown();
                if (attempt == PORT_ATTEMPTS || !lostThePort(e)) {
                    throw new CannotStartException(
                            "The embedded Kafka broker does not start in " + directory + ": " + rootCause(e), e);
                }
            }
        }
    }

    /** {@code host:port}, what clients call bootstrap servers. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes the topics that do not exist yet; existing ones stay as they are. */
    public void createTopics(Collection<NewTopic> topics) {
        createTopics(bootstrapServers, topics);
    }

    /** The same for any broker. */
    public static void createTopics(String bootstrapServers, Collection<NewTopic> topics) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            // Two starters at once: the other one made them.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new CannotStartException("Cannot create the Kafka topics: " + rootCause(e), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while creating the Kafka topics", e);
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve("meta.properties"))) {
                return;
            }
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw new CannotStartException("Cannot create the Kafka directory " + directory + ": " + e, e);
        } catch (Exception e) {
            throw new CannotStartException("Cannot format the Kafka directory " + directory + ": " + e, e);
        }
    }

    private static Map<String, String> settings(Path directory, Durability durability, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("log.dirs", directory.toString());

        settings.put("auto.create.topics.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // A migration may wait for its members for weeks while the machine is off.
        settings.put("offsets.retention.minutes", String.valueOf(60 * 24 * 90));

        // One small broker: fewer threads, and not the 128 MiB that the cleaner reserves for its map of keys.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(2 * 1024 * 1024));
        settings.put("log.cleaner.io.buffer.size", String.valueOf(256 * 1024));
        settings.put("log.segment.bytes", String.valueOf(64 * 1024 * 1024));
        settings.put("metadata.log.segment.bytes", String.valueOf(16 * 1024 * 1024));
        switch (durability) {
            // There is no replica that could help after a power failure, so every record goes to the disk at once.
            case SURVIVES_POWER_LOSS -> settings.put("log.flush.interval.messages", String.valueOf(1));
            case FAST -> settings.put("log.flush.interval.messages", String.valueOf(Long.MAX_VALUE));
        }
        return settings;
    }

    private static boolean lostThePort(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
