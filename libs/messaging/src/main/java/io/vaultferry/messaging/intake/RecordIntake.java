package io.vaultferry.messaging.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.MessageCodec.UnreadableMessageException;
import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.Inbox;
import io.vaultferry.messaging.MessageIntake;
import io.vaultferry.messaging.ReceivedMessage;
import io.vaultferry.messaging.UnexpectedMessageException;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.messaging.outbox.Causation;
import io.vaultferry.messaging.outbox.MessageHeaders;
import io.vaultferry.messaging.outbox.StoredOutbox;
import io.vaultferry.messaging.trace.ScrubbedTrace;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** The one way in. */
@ApplicationScoped
class RecordIntake implements MessageIntake {

    private static final Logger LOG = Logger.getLogger(RecordIntake.class);
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final Predicate<String> TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}").asMatchPredicate();
    private static final Set<String> KNOWN_TYPES =
            MessageCodec.messageTypes().stream().map(MessageCodec::typeIdOf).collect(Collectors.toUnmodifiableSet());

    private final MessageCodec codec;
    private final Inbox inbox;
    private final StoredOutbox outbox;
    private final Database database;
    private final ObjectMapper json;
    private final MeterRegistry meters;
    private final String consumer;
    private final CountDownLatch stopped = new CountDownLatch(1);

    RecordIntake(
            MessageCodec codec,
            Inbox inbox,
            StoredOutbox outbox,
            Database database,
            ObjectMapper json,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.name") String consumer) {
        this.codec = codec;
        this.inbox = inbox;
        this.outbox = outbox;
        this.database = database;
        this.json = json;
        this.meters = meters;
        this.consumer = consumer;
    }

    /** Ends the waiting, before the consumers are closed. */
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopped.countDown();
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record, Consumer<ReceivedMessage> action) {
        read(record)
                .ifPresent(received -> handle(received, new Handling() {
                    @Override
                    public void once() {
                        database.inTransaction(() -> {
                            if (inbox.firstTime(received.messageId(), consumer)) {
                                action.accept(received);
                            }
                        });
                    }

                    @Override
                    public void giveUp(RuntimeException reason) {
                        if (inbox.firstTime(received.messageId(), consumer)) {
                            bury(record, reason.getClass().getSimpleName());
                        }
                    }
                }));
    }

    @Override
    public void perform(ConsumerRecord<byte[], byte[]> record, LongWork action) {
        read(record)
                .ifPresent(received -> handle(received, new Handling() {
                    @Override
                    public void once() {
                        try {
                            action.on(received);
                        } catch (InterruptedException e) {
                            throw interrupted();
                        }
                    }

                    @Override
                    public void giveUp(RuntimeException reason) {
                        bury(record, reason.getClass().getSimpleName());
                    }
                }));
    }

    /** What is tried again and again, and what is done in its stead in the end. */
    private interface Handling {
        void once();

        void giveUp(RuntimeException reason);
    }

    /** Empty when the record is a dead letter now. */
    private Optional<ReceivedMessage> read(ConsumerRecord<byte[], byte[]> record) {
        String reason;
        try {
            Optional<UUID> messageId = uuid(record, MessageHeaders.MESSAGE_ID);
            if (record.value() != null && messageId.isPresent()) {
                return Optional.of(new ReceivedMessage(
                        messageId.get(),
                        codec.decode(record.value()),
                        uuid(record, MessageHeaders.CAUSATION_ID),
                        text(record, MessageHeaders.TRACEPARENT).filter(TRACEPARENT)));
            }
            reason = record.value() == null ? "NoValue" : "NoMessageId";
        } catch (UnreadableMessageException e) {
            reason = "Unreadable";
        }
        String why = reason;
        persistently(() -> bury(record, why));
        return Optional.empty();
    }

    private void handle(ReceivedMessage received, Handling handling) {
        MDC.put("migration", received.message().migrationId().toString());
        try {
            new Causation(received.messageId(), received.traceparent()).run(() -> handlePersistently(handling));
        } finally {
            MDC.remove("migration");
        }
    }

    private void handlePersistently(Handling handling) {
        for (int tries = 1; ; ) {
            try {
                handling.once();
                return;
            } catch (UnexpectedMessageException e) {
                persistently(() -> handling.giveUp(e));
                return;
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted();
                }
                // An outage of the database concerns every record: wait for its end instead of giving this one up.
                if (database.answers()) {
                    LOG.warnf("Handling a message failed, try %d of %d: %s", tries, TRIES, ScrubbedTrace.of(e));
                    if (tries++ == TRIES) {
                        persistently(() -> handling.giveUp(e));
                        return;
                    }
                }
                pause(FIRST_PAUSE_MILLIS << tries);
            }
        }
    }

    /** Repeats until it succeeds; only the database can be in the way. */
    private void persistently(Runnable work) {
        for (long pause = FIRST_PAUSE_MILLIS; ; pause *= 2) {
            try {
                database.inTransaction(work);
                return;
            } catch (RuntimeException e) {
                LOG.warnf("A dead letter cannot be stored: %s", ScrubbedTrace.of(e));
                pause = Math.min(pause, LONGEST_PAUSE_MILLIS);
                pause(pause);
            }
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, String reason) {
        DeadLetter letter = new DeadLetter(
                record.topic(),
                record.partition(),
                record.offset(),
                record.value() == null ? -1 : record.value().length,
                uuid(record, MessageHeaders.MESSAGE_ID).orElse(null),
                text(record, MessageHeaders.MESSAGE_TYPE)
                        .filter(KNOWN_TYPES::contains)
                        .orElse(null),
                reason);
        try {
            outbox.send(
                    Topics.deadLettersOf(record.topic()),
                    migrationKey(record),
                    DeadLetter.TYPE_ID,
                    json.writeValueAsBytes(letter));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dead letter is always encodable", e);
        }
        LOG.warnf(
                "A record of %s-%d at offset %d is a dead letter: %s",
                record.topic(), record.partition(), record.offset(), reason);
        meters.counter("vaultferry.dead.letters", "topic", record.topic()).increment();
    }

    private void pause(long millis) {
        try {
            if (stopped.await(Math.min(millis, LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
                // Not acknowledged, so that the record comes again after the restart.
                throw new IllegalStateException("shutting down");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }

    /** The key, when it is an id; anything else is not repeated. */
    private static String migrationKey(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null
                ? null
                : parseUuid(new String(record.key(), StandardCharsets.UTF_8))
                        .map(UUID::toString)
                        .orElse(null);
    }

    private static Optional<UUID> uuid(ConsumerRecord<byte[], byte[]> record, String header) {
        return text(record, header).flatMap(RecordIntake::parseUuid);
    }

    private static Optional<UUID> parseUuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header value = record.headers().lastHeader(header);
        return value == null || value.value() == null
                ? Optional.empty()
                : Optional.of(new String(value.value(), StandardCharsets.UTF_8));
    }
}
