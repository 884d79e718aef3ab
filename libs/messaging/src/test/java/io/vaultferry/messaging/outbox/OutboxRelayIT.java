package io.vaultferry.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultferry.contracts.Topics;
import io.vaultferry.infrastructure.Durability;
import io.vaultferry.infrastructure.EmbeddedKafka;
import io.vaultferry.infrastructure.TopicLayout;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import io.vaultferry.testsupport.TestTopics;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The relay alone, without Quarkus, so that a test can have several of them and break what is around them. */
class OutboxRelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Settings(int batch, Duration poll, Duration acknowledgedWithin, Duration longestPause)
            implements RelaySettings {}

    private final Settings settings =
            new Settings(50, Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ofMillis(500));
    private final String key = UUID.randomUUID().toString();
    private final List<OutboxRelay> relays = new ArrayList<>();
    private Map<String, String> servers;
    private Database database;
    private TestTopics topics;

    @BeforeEach
    void open() throws SQLException, IOException {
        EmbeddedInfrastructure infrastructure = new EmbeddedInfrastructure();
        infrastructure.init(Map.of("database", "relay"));
        servers = infrastructure.start();
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(servers.get("quarkus.datasource.jdbc.url"));
        dataSource.setUser(servers.get("quarkus.datasource.username"));
        dataSource.setPassword(servers.get("quarkus.datasource.password"));
        database = new Database(dataSource);
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement();
                InputStream schema = OutboxRelay.class.getResourceAsStream("/db/migration/V1__messaging.sql")) {
            statement.execute("drop schema public cascade; create schema public");
            statement.execute(new String(schema.readAllBytes(), UTF_8));
        }
        topics = TestTopics.open();
    }

    @AfterEach
    void close() {
        relays.forEach(OutboxRelay::close);
        topics.close();
    }

    @Test
    void orderOfAKeyIsKeptThoughSeveralRelaysRun() throws SQLException {
        // Given
        int messages = 2_000;
        List<String> keys = List.of(key + "-a", key + "-b", key + "-c");
        for (int i = 0; i < 3; i++) {
            start(this::producer);
        }

        // When
        for (int from = 0; from < messages; from += 100) {
            insert(from, from + 100, Topics.MIGRATION_EVENTS, keys);
            relays.forEach(OutboxRelay::wake);
        }

        // Then
        awaitEmptyOutbox();
        for (String one : keys) {
            assertThat(values(topics.read(Topics.MIGRATION_EVENTS, one))).containsExactlyElementsOf(numbers(messages));
        }
        assertThat(relays.stream().mapToLong(OutboxRelay::sent).sum()).isEqualTo(messages * 3L);
    }

    @Test
    void messagesOfATransactionThatIsNotCommittedAreNotSent() throws SQLException {
        // Given
        OutboxRelay relay = start(this::producer);
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            insert(connection, 0, 1, Topics.MIGRATION_EVENTS, List.of(key));

            // When
            relay.wake();
            insert(1, 2, Topics.MIGRATION_EVENTS, List.of(key));
            relay.wake();
            await().atMost(PATIENCE).until(() -> relay.sent() == 1);
            connection.rollback();
        }

        // Then
        awaitEmptyOutbox();
        assertThat(values(topics.read(Topics.MIGRATION_EVENTS, key))).containsExactly("1");
    }

    @Test
    void messageThatWasSentButNotDeletedIsSentAgainUnderTheSameId() throws SQLException {
        // Given: the database connection of the relay breaks once, between sending and deleting
        AtomicInteger cuts = new AtomicInteger(1);
        insert(0, 10, Topics.MIGRATION_EVENTS, List.of(key));

        // When
        OutboxRelay relay = start(() -> cuttingTheDatabase(cuts));

        // Then
        awaitEmptyOutbox();
        List<ConsumerRecord<String, String>> sent = topics.read(Topics.MIGRATION_EVENTS, key);
        assertThat(values(sent)).hasSizeGreaterThan(10);
        assertThat(firstOccurrences(sent)).containsExactlyElementsOf(numbers(10));
        assertThat(sent.stream().map(message -> header(message, "message-id")).distinct())
                .hasSize(10);
        assertThat(relay.sent()).isEqualTo(10);
    }

    @Test
    void topicThatDoesNotExistHoldsUpOnlyItsOwnMessages() throws SQLException {
        // Given
        insert(0, 100, "no-such-topic", List.of(key));
        insert(100, 110, Topics.MIGRATION_EVENTS, List.of(key));

        // When
        OutboxRelay relay = start(this::producer);

        // Then
        await().atMost(PATIENCE).until(() -> relay.sent() == 10);
        assertThat(values(topics.read(Topics.MIGRATION_EVENTS, key))).hasSize(10);
        assertThat(pending()).isEqualTo(100);
        assertThat(relay.failingSince()).isPresent();
    }

    @Test
    void brokerThatWasDownReceivesEverythingInOrderWhenItIsBack(@TempDir Path directory) throws SQLException {
        // Given
        AtomicReference<String> broker = new AtomicReference<>();
        OutboxRelay relay;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Durability.FAST)) {
            kafka.createTopics(TopicLayout.all());
            broker.set(kafka.bootstrapServers());
            relay = start(() -> producer(broker.get()));
            insert(0, 10, Topics.MIGRATION_EVENTS, List.of(key));
            relay.wake();
            await().atMost(PATIENCE).until(() -> relay.sent() == 10);
        }

        // When
        insert(10, 300, Topics.MIGRATION_EVENTS, List.of(key));
        relay.wake();
        await().atMost(PATIENCE).until(() -> relay.failingSince().isPresent());
        assertThat(pending()).isEqualTo(290);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Durability.FAST)) {
            broker.set(kafka.bootstrapServers());

            // Then
            await().atMost(PATIENCE).until(() -> pending() == 0);
            await().atMost(PATIENCE).until(() -> relay.failingSince().isEmpty());
            assertThat(firstOccurrences(read(broker.get()))).containsExactlyElementsOf(numbers(300));
        }
    }

    @Test
    void relayOfAnotherProcessTakesOverWhenOneIsFrozenInItsBatch() throws SQLException {
        // Given: a session that holds the relay's lock and does nothing, as a stopped process would
        try (Connection frozen = database.connection()) {
            frozen.setAutoCommit(false);
            try (Statement statement = frozen.createStatement()) {
                statement.execute("set local idle_in_transaction_session_timeout = '3s';"
                        + "select pg_advisory_xact_lock(" + OutboxRelay.LOCK + ")");
            }
            insert(0, 1, Topics.MIGRATION_EVENTS, List.of(key));

            // When
            OutboxRelay relay = start(this::producer);

            // Then
            await().atMost(PATIENCE).until(() -> relay.sent() == 1);
        }
    }

    @Test
    void throughputIsThatOfBatchesAndNotOfRoundTrips() throws SQLException {
        // Given
        int messages = 20_000;
        insert(0, messages, Topics.MIGRATION_EVENTS, List.of(key));
        long began = System.nanoTime();

        // When
        OutboxRelay relay =
                start(new Settings(500, settings.poll(), settings.acknowledgedWithin(), settings.longestPause()));
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> relay.sent() == messages);

        // Then
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("relay: %d messages in %.2f s, %.0f a second%n", messages, seconds, messages / seconds);
        assertThat(messages / seconds).isGreaterThan(1_000);
    }

    /** A producer that cuts the relay's database connection while the first messages are on their way. */
    @SuppressWarnings("unchecked") // A proxy knows no type arguments.
    private Producer<byte[], byte[]> cuttingTheDatabase(AtomicInteger cuts) {
        Producer<byte[], byte[]> producer = producer();
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send") && cuts.getAndDecrement() > 0) {
                        database.query(
                                row -> row.getBoolean(1),
                                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted");
                    }
                    return method.invoke(producer, arguments);
                });
    }

    private OutboxRelay start(Supplier<Producer<byte[], byte[]>> producers) {
        return start(new OutboxRelay(database, producers, settings));
    }

    private OutboxRelay start(RelaySettings other) {
        return start(new OutboxRelay(database, this::producer, other));
    }

    private OutboxRelay start(OutboxRelay relay) {
        relays.add(relay);
        relay.start();
        return relay;
    }

    private Producer<byte[], byte[]> producer() {
        return producer(servers.get("kafka.bootstrap.servers"));
    }

    private Producer<byte[], byte[]> producer(String broker) {
        return OutboxRelayRunner.producer(Map.of("bootstrap.servers", broker), "test-relay", settings);
    }

    private void insert(int from, int to, String topic, List<String> keys) throws SQLException {
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            insert(connection, from, to, topic, keys);
            connection.commit();
        }
    }

    private static void insert(Connection connection, int from, int to, String topic, List<String> keys)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into outbox_message (message_id, topic, record_key, message_type, payload)"
                        + " values (?, ?, ?, 'test.v1', ?)")) {
            for (int i = from; i < to; i++) {
                for (String key : keys) {
                    insert.setObject(1, UUID.randomUUID());
                    insert.setString(2, topic);
                    insert.setString(3, key);
                    insert.setBytes(4, String.valueOf(i).getBytes(UTF_8));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private void awaitEmptyOutbox() {
        await().atMost(PATIENCE).until(() -> pending() == 0);
    }

    private long pending() {
        return database.queryOne(row -> row.getLong(1), "select count(*) from outbox_message")
                .orElseThrow();
    }

    private List<ConsumerRecord<String, String>> read(String broker) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "enable.auto.commit", false),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.MIGRATION_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static List<String> values(List<ConsumerRecord<String, String>> messages) {
        return messages.stream().map(ConsumerRecord::value).toList();
    }

    private static List<String> firstOccurrences(List<ConsumerRecord<String, String>> messages) {
        Set<String> seen = new LinkedHashSet<>(values(messages));
        return List.copyOf(seen);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        return Optional.ofNullable(message.headers().lastHeader(name))
                .map(header -> new String(header.value(), UTF_8))
                .orElseThrow();
    }
}
