package io.vaultferry.orchestrator.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Tells all who watch topics the same measurement. The broker is asked once for all of them, and not at all when nobody
 * watches.
 */
@ApplicationScoped
class TopicStreams {

    private static final Logger LOG = Logger.getLogger(TopicStreams.class);
    private static final int MOST_STREAMS = 100;
    private static final long RECONNECT_MILLIS = 2_000;

    private final TopicReport report;
    private final ObjectMapper json;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    /** A graceful shutdown waits for open requests before it says anything to beans, and a stream never ends by itself. */
    private final Thread closing = new Thread(this::close, "topic-streams-closing");

    TopicStreams(TopicReport report, ObjectMapper json) {
        this.report = report;
        this.json = json;
    }

    void start(@Observes StartupEvent event) {
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
        streams.forEach(stream -> stream.sink.close());
    }

    /** @throws ProblemException when too many watch already */
    void open(SseEventSink sink, Sse sse) {
        streams.removeIf(stream -> stream.sink.isClosed());
        if (streams.size() >= MOST_STREAMS) {
            throw ProblemException.of(ProblemCode.UNAVAILABLE, "Too many watch already. Close a stream, or ask again.")
                    .retryAfter(Duration.ofSeconds(15));
        }
        Stream stream = new Stream(sink, sse);
        // Writes the head of the answer in this thread: REST does it after this call, unless it is there already, and
        // the
        // scheduler must not be faster than that.
        stream.send(sse.newEventBuilder().comment("open").build());
        streams.add(stream);
    }

    @Scheduled(
            every = "${vaultferry.topics.stream-interval:2s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void feed() {
        streams.removeIf(stream -> stream.sink.isClosed());
        if (streams.isEmpty()) {
            return;
        }
        try {
            String topics = json.writeValueAsString(report.make());
            streams.forEach(stream -> stream.tell("topics", topics));
        } catch (TopicLag.BrokerUnavailableException e) {
            streams.forEach(
                    stream -> stream.tell("unavailable", "{\"detail\": \"The Kafka broker does not answer.\"}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a view is always encodable", e);
        }
    }

    private static final class Stream {

        private final SseEventSink sink;
        private final Sse sse;
        private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);

        Stream(SseEventSink sink, Sse sse) {
            this.sink = sink;
            this.sse = sse;
        }

        /** A slow watcher misses measurements; the next one says all. */
        void tell(String name, String data) {
            if (pending.isDone()) {
                send(sse.newEventBuilder()
                        .name(name)
                        .reconnectDelay(RECONNECT_MILLIS)
                        .data(String.class, data)
                        .build());
            }
        }

        void send(OutboundSseEvent event) {
            pending = sink.send(event)
                    .toCompletableFuture()
                    .<Void>thenApply(sent -> null)
                    .exceptionally(failure -> {
                        sink.close();
                        return null;
                    });
        }
    }
}
