package io.vaultferry.messaging.outbox;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.database.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Runs the relay of this process. */
@ApplicationScoped
public class OutboxRelayRunner {

    private static final Duration TOLERATED = Duration.ofSeconds(10);

    private final OutboxRelay relay;
    private final RelaySignal signal;
    private final Runnable wake;

    OutboxRelayRunner(
            Database database,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            RelaySettings settings,
            RelaySignal signal,
            StoredOutbox outbox,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.name") String application) {
        this.relay = new OutboxRelay(database, () -> producer(kafka, application + "-relay", settings), settings);
        this.signal = signal;
        this.wake = relay::wake;
        Gauge.builder("vaultferry.outbox.pending", outbox, OutboxRelayRunner::pending)
                .description("Messages that wait to be sent to Kafka")
                .register(meters);
        FunctionCounter.builder("vaultferry.outbox.sent", relay, OutboxRelay::sent)
                .description("Messages that Kafka acknowledged")
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        signal.register(wake);
        relay.start();
    }

    void stop(@Observes ShutdownEvent event) {
        signal.unregister(wake);
        relay.close();
    }

    /** Whether messages arrive at the broker at the moment. */
    public boolean sending() {
        return relay.failingSince().isEmpty();
    }

    /** Whether messages have arrived within the time that a short disturbance may take. */
    boolean sendingOrBrieflyDisturbed() {
        return relay.failingSince()
                .map(since -> since.isAfter(Instant.now().minus(TOLERATED)))
                .orElse(true);
    }

    static Producer<byte[], byte[]> producer(Map<String, Object> kafka, String clientId, RelaySettings settings) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // The relay decides when a batch has failed. A producer that gave up single messages by itself would let later
        // ones
        // of the same key pass.
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.acknowledgedWithin().toMillis()));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static double pending(StoredOutbox outbox) {
        try {
            return outbox.pending();
        } catch (DatabaseException e) {
            return Double.NaN;
        }
    }
}
