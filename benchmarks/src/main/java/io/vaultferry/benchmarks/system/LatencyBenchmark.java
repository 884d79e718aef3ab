package io.vaultferry.benchmarks.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Samples;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.Topics;
import io.vaultferry.infrastructure.Durability;
import io.vaultferry.launcher.system.Narrator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * From a step command on its topic to the event that answers it, beside a bare round trip through the same broker. The command
 * takes back the transfer of a migration that has none: one statement of SQL, and everything that every command goes through.
 */
public final class LatencyBenchmark implements Benchmark {

    private static final String PING = "benchmark-ping";
    private static final String PONG = "benchmark-pong";
    private static final double MOST_AT_THE_MEDIAN = 4;
    private static final double MOST_AT_99_PERCENT = 6;
    private static final byte[] PAYLOAD = new byte[200];

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String question() {
        return "How long from a command to the event that answers it, beside a bare round trip through the same Kafka?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws InterruptedException {
        int rounds = extent.of(100, 500);
        List<Finding> findings = new ArrayList<>();
        for (Durability durability : Durability.values()) {
            String writing = switch (durability) {
                case SURVIVES_POWER_LOSS -> "written to the disk each time";
                case FAST -> "written to the disk later";
            };
            narrator.say(writing);
            findings.addAll(measure(workspace, durability, rounds, writing));
        }
        return new Outcome(
                findings,
                List.of(
                        rounds
                                + " rounds of each in turns, one at a time, after as many to warm up. \"Written to the disk each"
                                + " time\" is Kafka and PostgreSQL as `./ferry up` runs them: every record and every commit is there"
                                + " before it is acknowledged, for the bare peer too. \"Later\" is how Kafka is mostly run.",
                        "Command to event: two records through Kafka, and two transactions of PostgreSQL in between (the command"
                                + " with its job; the job's end with the event)."));
    }

    private static List<Finding> measure(Workspace workspace, Durability durability, int rounds, String writing)
            throws InterruptedException {
        Samples ours = new Samples();
        Samples roundTrip = new Samples();
        Samples oneWay = new Samples();
        try (RunningVaultferry vaultferry = RunningVaultferry.start(workspace, durability)) {
            Map<String, Object> broker =
                    Map.of("bootstrap.servers", vaultferry.kafkaBootstrapServers(), "enable.auto.commit", false);
            createTopics(broker);
            try (Peer commands = new Peer(broker, Topics.MIGRATION_EVENTS);
                    Peer pings = new Peer(broker, PONG);
                    Echo echo = new Echo(broker)) {
                for (int i = 0; i < rounds; i++) {
                    commands.ask(command(MigrationId.make()));
                    pings.ask(ping(PING));
                }
                for (int i = 0; i < rounds; i++) {
                    ours.add(commands.ask(command(MigrationId.make())));
                    roundTrip.add(pings.ask(ping(PING)));
                    oneWay.add(pings.ask(ping(PONG)));
                }
                echo.requireHealthy();
            }
        }
        String measure = writing + ": ";
        String pingPong = "bare ping and pong";
        return List.of(
                finding(measure + "median", ours, pingPong, roundTrip, 50, Goal.atMost(MOST_AT_THE_MEDIAN)),
                finding(measure + "99 %", ours, pingPong, roundTrip, 99, Goal.atMost(MOST_AT_99_PERCENT)),
                finding(measure + "median", ours, "one bare record, sent and received", oneWay, 50, Goal.NONE));
    }

    private static Finding finding(String measure, Samples ours, String peer, Samples peers, int percent, Goal goal) {
        return new Finding(
                "command to event, " + measure,
                new Figure(ours.percentile(percent), "ms"),
                peer,
                new Figure(peers.percentile(percent), "ms"),
                goal);
    }

    private static void createTopics(Map<String, Object> broker) throws InterruptedException {
        try (Admin admin = Admin.create(broker)) {
            admin.createTopics(List.of(new NewTopic(PING, 1, (short) 1), new NewTopic(PONG, 1, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics cannot be created", e.getCause());
        }
    }

    private static ProducerRecord<byte[], byte[]> command(MigrationId migration) {
        ProducerRecord<byte[], byte[]> command = new ProducerRecord<>(
                Topics.ATTACHMENT_COMMANDS,
                migration.toString().getBytes(UTF_8),
                new MessageCodec().encode(new UndoStep(migration, Step.TRANSFER_ATTACHMENTS, 1)));
        command.headers().add("message-id", UUID.randomUUID().toString().getBytes(UTF_8));
        return command;
    }

    private static ProducerRecord<byte[], byte[]> ping(String topic) {
        return new ProducerRecord<>(topic, UUID.randomUUID().toString().getBytes(UTF_8), PAYLOAD);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> broker, String topic) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    /** Sends a record and waits for one of the same key. */
    private static final class Peer implements AutoCloseable {

        private final KafkaProducer<byte[], byte[]> producer;
        private final KafkaConsumer<byte[], byte[]> consumer;

        Peer(Map<String, Object> broker, String answers) {
            this.producer = new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer());
            this.consumer = consumer(broker, answers);
        }

        /** In milliseconds. */
        double ask(ProducerRecord<byte[], byte[]> question) throws InterruptedException {
            long began = System.nanoTime();
            try {
                producer.send(question).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a record could not be sent", e.getCause());
            }
            while (true) {
                for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(Duration.ofSeconds(10))) {
                    if (Arrays.equals(answer.key(), question.key())) {
                        return (System.nanoTime() - began) / 1e6;
                    }
                }
            }
        }

        @Override
        public void close() {
            producer.close();
            consumer.close();
        }
    }

    /** Answers each ping by a pong. */
    private static final class Echo implements AutoCloseable {

        private final KafkaConsumer<byte[], byte[]> pings;
        private final KafkaProducer<byte[], byte[]> pongs;
        private final Thread thread;
        private volatile RuntimeException failure;

        Echo(Map<String, Object> broker) {
            this.pings = consumer(broker, PING);
            this.pongs = new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer());
            this.thread = Thread.ofPlatform().daemon().name("echo").start(this::answer);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a pong that is not sent is missed by the one who waits for it
        private void answer() {
            try (pings) {
                while (true) {
                    for (ConsumerRecord<byte[], byte[]> ping : pings.poll(Duration.ofSeconds(10))) {
                        pongs.send(new ProducerRecord<>(PONG, ping.key(), ping.value()));
                    }
                }
            } catch (WakeupException e) {
                // The end.
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        void requireHealthy() {
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void close() {
            pings.wakeup();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            pongs.close();
        }
    }
}
