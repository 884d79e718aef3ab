package io.vaultferry.orchestrator.topics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vaultferry.contracts.Topics;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jboss.logging.Logger;

/**
 * Creates the topics that the broker does not have. What is there already is left as it is: partitions and retention are
 * the operator's to change.
 */
@ApplicationScoped
class TopicCreation {

    private static final Logger LOG = Logger.getLogger(TopicCreation.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    @ConfigMapping(prefix = "vaultferry.topics")
    interface Settings {

        /** Partitions of the topics of commands and events. */
        @WithDefault("4")
        int partitions();

        /** Partitions of the topic of attachment work: as many consumers at most can share it. */
        @WithDefault("24")
        int workPartitions();

        /** Copies of each record; the broker's own default when absent. */
        Optional<Short> replicationFactor();

        /** How long records are kept: longer than a machine may be switched off in the middle of a migration. */
        @WithDefault("90d")
        Duration retention();

        /** How often the lag is measured for Prometheus. */
        @WithDefault("10s")
        Duration interval();
    }

    private final TopicLag broker;
    private final Settings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);

    TopicCreation(TopicLag broker, Settings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    /** Before the consumers start. A broker that is away does not keep the API from starting: it is asked again. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (!create()) {
            Thread.ofPlatform().name("topic-creation").daemon().start(this::createPersistently);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void createPersistently() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS) && !create()) {
                LOG.debug("the topics cannot be created yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean create() {
        try {
            broker.create(layout());
            return true;
        } catch (TopicLag.BrokerUnavailableException e) {
            LOG.warn("The Kafka broker does not answer; its topics are looked at again in a moment");
            return false;
        }
    }

    private List<NewTopic> layout() {
        return TopicLag.topicNames().stream().map(this::topic).toList();
    }

    private NewTopic topic(String name) {
        int partitions;
        if (!Topics.ALL.contains(name)) {
            partitions = 1;
        } else {
            partitions = name.equals(Topics.ATTACHMENT_WORK) ? settings.workPartitions() : settings.partitions();
        }
        return new NewTopic(name, Optional.of(partitions), settings.replicationFactor())
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(settings.retention().toMillis())));
    }
}
