package io.vaultferry.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.messaging.database.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Sends what is in the outbox, in the order of the rows, and deletes what the broker has acknowledged.
 *
 * <p>It works in rounds. A round is one database transaction that holds an advisory lock, so that among all processes on
 * one database a single relay sends at a time: it reads a batch, gives all of it to the producer, waits for the
 * acknowledgements and deletes those rows. A crash in between sends some messages again, which the receivers' inboxes
 * drop; it never changes which of two messages of a key arrives first. When a batch is not acknowledged in time, its
 * producer is thrown away: within one producer the broker refuses a later message before an earlier one, and a
 * new one begins again with the earliest.
 */
final class OutboxRelay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    /** Any number that nobody else locks in the same database. */
    static final long LOCK = 0x6f7574626f78L;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Database database;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final RelaySettings settings;
    private final Semaphore work = new Semaphore(1);
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::run, "outbox-relay");

    private volatile boolean stopped;
    private volatile Instant failingSince;
    private Producer<byte[], byte[]> producer;

    OutboxRelay(Database database, Supplier<Producer<byte[], byte[]>> producers, RelaySettings settings) {
        this.database = database;
        this.producers = producers;
        this.settings = settings;
        thread.setDaemon(true);
    }

    private record Row(long id, String topic, ProducerRecord<byte[], byte[]> message) {

        static Row read(ResultSet row) throws SQLException {
            String topic = row.getString(2);
            String key = row.getString(3);
            ProducerRecord<byte[], byte[]> message =
                    new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), row.getBytes(4));
            header(message, MessageHeaders.MESSAGE_ID, row.getString(5));
            header(message, MessageHeaders.MESSAGE_TYPE, row.getString(6));
            header(message, MessageHeaders.CAUSATION_ID, row.getString(7));
            header(message, MessageHeaders.TRACEPARENT, row.getString(8));
            return new Row(row.getLong(1), topic, message);
        }

        private static void header(ProducerRecord<byte[], byte[]> message, String name, String value) {
            if (value != null) {
                message.headers().add(name, value.getBytes(UTF_8));
            }
        }
    }

    private record InFlight(Row row, Future<RecordMetadata> acknowledgement) {}

    void start() {
        thread.start();
    }

    /** Says that there is something to send. Cheap, callable from anywhere. */
    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Since when sending has failed; empty while it works. */
    Optional<Instant> failingSince() {
        return Optional.ofNullable(failingSince);
    }

    /** How many messages this relay got acknowledged. */
    long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!stopped) {
            try {
                boolean complete = sendEverything();
                if (complete) {
                    recovered();
                    pause = FIRST_PAUSE;
                    awaitWork();
                    continue;
                }
            } catch (SQLException | RuntimeException e) {
                failed(e);
            } catch (InterruptedException e) {
                break;
            }
            pause = pause(pause);
        }
        dropProducer();
    }

    /** Sends until nothing is left. Returns false when some topic would not take its messages. */
    private boolean sendEverything() throws SQLException, InterruptedException {
        // A topic that takes nothing must not hold up the others, so the rounds go on without it.
        Set<String> stalled = new HashSet<>();
        while (!stopped && sendBatch(stalled)) {
            // The next batch.
        }
        return stalled.isEmpty();
    }

    /** Sends one batch. Returns false when there was none. */
    private boolean sendBatch(Set<String> stalled) throws SQLException, InterruptedException {
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            try {
                if (!lock(connection)) {
                    connection.rollback();
                    return true;
                }
                List<Row> rows = read(connection, stalled);
                List<Long> acknowledged = rows.isEmpty() ? List.of() : send(rows, stalled);
                delete(connection, acknowledged);
                connection.commit();
                sent.addAndGet(acknowledged.size());
                return !rows.isEmpty();
            } catch (SQLException | RuntimeException | InterruptedException e) {
                rollback(connection, e);
                throw e;
            } finally {
                restoreAutoCommit(connection);
            }
        }
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A relay that is frozen in the middle of a batch must not hold the others up for good.
            statement.execute("set local idle_in_transaction_session_timeout = '30s';"
                    + "set local lock_timeout = '2s';"
                    + "select pg_advisory_xact_lock(" + LOCK + ")");
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private List<Row> read(Connection connection, Set<String> stalled) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select id, topic, record_key, payload, message_id, message_type, causation_id, traceparent
                from outbox_message where topic <> all (?) order by id limit ?""")) {
            Array topics = connection.createArrayOf("text", stalled.toArray());
            select.setArray(1, topics);
            select.setInt(2, settings.batch());
            List<Row> rows = new ArrayList<>();
            try (ResultSet results = select.executeQuery()) {
                while (results.next()) {
                    rows.add(Row.read(results));
                }
            }
            return rows;
        }
    }

    /** Returns the ids of the rows that the broker has acknowledged, and adds the topics of the others to {@code stalled}. */
    private List<Long> send(List<Row> rows, Set<String> stalled) throws InterruptedException {
        if (producer == null) {
            producer = producers.get();
        }
        List<Long> acknowledged = new ArrayList<>(rows.size());
        try {
            List<InFlight> inFlight = new ArrayList<>(rows.size());
            for (Row row : rows) {
                if (stalled.contains(row.topic())) {
                    continue;
                }
                Future<RecordMetadata> acknowledgement = producer.send(row.message());
                inFlight.add(new InFlight(row, acknowledgement));
                if (acknowledgement.state() == Future.State.FAILED) {
                    stall(row, acknowledgement.exceptionNow(), stalled);
                }
            }
            awaitAcknowledgements(inFlight, acknowledged, stalled);
        } catch (InterruptException e) {
            throw new InterruptedException();
        }
        if (acknowledged.size() < rows.size()) {
            dropProducer();
        }
        return acknowledged;
    }

    private void awaitAcknowledgements(List<InFlight> inFlight, List<Long> acknowledged, Set<String> stalled)
            throws InterruptedException {
        long deadline = System.nanoTime() + settings.acknowledgedWithin().toNanos();
        for (InFlight one : inFlight) {
            try {
                one.acknowledgement().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                acknowledged.add(one.row().id());
            } catch (ExecutionException e) {
                stall(one.row(), e.getCause(), stalled);
            } catch (TimeoutException e) {
                stall(one.row(), e, stalled);
            }
        }
    }

    private void stall(Row row, Throwable reason, Set<String> stalled) {
        if (stalled.add(row.topic())) {
            failed(reason);
        }
    }

    private static void delete(Connection connection, List<Long> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement("delete from outbox_message where id = any (?)")) {
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        }
    }

    private static void rollback(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private static void restoreAutoCommit(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("a connection broke; the pool drops it");
        }
    }

    private void awaitWork() throws InterruptedException {
        if (work.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS)) {
            work.drainPermits();
        }
    }

    private Duration pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            stopped = true;
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(settings.longestPause()) < 0 ? doubled : settings.longestPause();
    }

    private void failed(Throwable reason) {
        if (failingSince == null) {
            failingSince = Instant.now();
            LOG.warnf(
                    "Messages cannot be sent (%s); they stay in the outbox",
                    reason.getClass().getSimpleName());
        }
    }

    private void recovered() {
        if (failingSince != null) {
            failingSince = null;
            LOG.info("Messages can be sent again");
        }
    }

    private void dropProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
