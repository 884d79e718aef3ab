package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.api.MigrationView.StepView;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.migration.MigrationNews;
import io.vaultferry.orchestrator.persistence.HistoryRepository;
import io.vaultferry.orchestrator.persistence.HistoryRepository.Recorded;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.saga.StepStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Feeds the server-sent events of all watchers by one thread. What is sent is read from the database: a watcher misses
 * nothing, whichever orchestrator moved the saga and however long the watcher was away.
 */
@ApplicationScoped
class EventStreams {

    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final int MOST_STREAMS = 200;
    private static final int ENTRIES_AT_A_TIME = 200;
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final long RECONNECT_MILLIS = 2_000;

    private final MigrationRepository migrations;
    private final HistoryRepository history;
    private final ObjectMapper json;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final Set<MigrationId> moved = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final Thread feeder =
            Thread.ofPlatform().name("event-streams").daemon().unstarted(this::feedAll);
    /** A graceful shutdown waits for open requests before it says anything to beans, and a stream never ends by itself. */
    private final Thread closing = new Thread(this::close, "event-streams-closing");

    private volatile boolean stopping;

    EventStreams(MigrationRepository migrations, HistoryRepository history, MigrationNews hints, ObjectMapper json) {
        this.migrations = migrations;
        this.history = history;
        this.json = json;
        hints.watch(migration -> {
            moved.add(migration);
            news.release();
        });
    }

    void start(@Observes StartupEvent event) {
        feeder.start();
        Runtime.getRuntime().addShutdownHook(closing);
    }

    void stop(@Observes ShutdownEvent event) {
        close();
        try {
            Runtime.getRuntime().removeShutdownHook(closing);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending and closes the streams by itself");
        }
    }

    private void close() {
        stopping = true;
        news.release();
        streams.forEach(stream -> stream.sink.close());
    }

    /**
     * Opens a stream.
     *
     * @param after the last entry of the history that the watcher knows; 0 when it knows none
     * @throws ProblemException when too many watch already
     */
    void open(MigrationId migration, long after, SseEventSink sink, Sse sse) {
        streams.removeIf(stream -> stream.sink.isClosed());
        if (streams.size() >= MOST_STREAMS) {
            throw ProblemException.of(ProblemCode.UNAVAILABLE, "Too many watch already. Close a stream, or ask again.")
                    .retryAfter(HEARTBEAT);
        }
        Stream stream = new Stream(migration, after, sink, sse);
        // Writes the head of the answer in this thread: REST does it after this call, unless it is there already, and
        // the
        // feeder must not be faster than that.
        stream.send(sse.newEventBuilder().comment("open").build());
        streams.add(stream);
        news.release();
    }

    private void feedAll() {
        while (!stopping) {
            try {
                news.tryAcquire(1, TimeUnit.SECONDS);
                news.drainPermits();
                List<MigrationId> now = List.copyOf(moved);
                now.forEach(moved::remove);
                for (Stream stream : streams) {
                    feed(stream, now.contains(stream.migration));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.debugf("watchers cannot be told now: %s", e.getClass().getSimpleName());
            }
        }
    }

    private void feed(Stream stream, boolean hinted) {
        if (stream.sink.isClosed()) {
            streams.remove(stream);
            return;
        }
        if (!stream.pending.isDone()) {
            // A slow watcher gets what it missed later, in fewer events.
            return;
        }
        if (hinted || stream.looked.plus(LOOK).compareTo(uptime()) <= 0) {
            stream.looked = uptime();
            transitions(stream);
            progress(stream);
        }
        if (stream.sent.plus(HEARTBEAT).compareTo(uptime()) <= 0) {
            stream.send(stream.sse.newEventBuilder().comment("alive").build());
        }
    }

    private void transitions(Stream stream) {
        for (Recorded entry : history.after(stream.migration, stream.sequence, ENTRIES_AT_A_TIME)) {
            stream.send(stream.sse
                    .newEventBuilder()
                    .id(Long.toString(entry.sequence()))
                    .name("transition")
                    .reconnectDelay(RECONNECT_MILLIS)
                    .data(String.class, text(HistoryView.of(entry)))
                    .build());
            stream.sequence = entry.sequence();
        }
    }

    private void progress(Stream stream) {
        migrations.find(stream.migration).ifPresent(row -> {
            for (Step step : Step.values()) {
                StepView view = StepView.of(row, step);
                boolean untouched = view.status() == StepStatus.PENDING && !stream.steps.containsKey(step);
                if (!untouched && !view.equals(stream.steps.put(step, view))) {
                    stream.send(stream.sse
                            .newEventBuilder()
                            .name("progress")
                            .data(String.class, text(view))
                            .build());
                }
            }
        });
    }

    private String text(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a view is always encodable", e);
        }
    }

    private static Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

    /** One watcher; used by the feeding thread only, but for its opening and closing. */
    private static final class Stream {

        private final MigrationId migration;
        private final SseEventSink sink;
        private final Sse sse;
        private final Map<Step, StepView> steps = new EnumMap<>(Step.class);
        private long sequence;
        private Duration looked = uptime().minus(LOOK);
        private Duration sent = uptime();
        private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);

        Stream(MigrationId migration, long after, SseEventSink sink, Sse sse) {
            this.migration = migration;
            this.sequence = after;
            this.sink = sink;
            this.sse = sse;
        }

        void send(OutboundSseEvent event) {
            sent = uptime();
            CompletionStage<?> sending = sink.send(event);
            pending = CompletableFuture.allOf(pending, sending.toCompletableFuture())
                    .exceptionally(failure -> {
                        sink.close();
                        return null;
                    });
        }
    }
}
