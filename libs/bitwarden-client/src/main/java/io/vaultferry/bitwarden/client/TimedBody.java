package io.vaultferry.bitwarden.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of an answer as a stream whose reads end with an {@link IOException} when nothing arrives for some time,
 * which Java's own stream does not do. Holds a few buffers; the sender waits while nobody reads.
 */
final class TimedBody implements BodySubscriber<InputStream> {
    private static final int WINDOW = 8;

    private final long idleNanos;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    TimedBody(Duration idle) {
        this.idleNanos = idle.toNanos();
    }

    private sealed interface Event {}

    private record Data(List<ByteBuffer> buffers) implements Event {}

    private record End() implements Event {}

    private record Failure(Throwable cause) implements Event {}

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(new Body());
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (!subscription.complete(given)) {
            given.cancel();
            return;
        }
        if (closed.get()) {
            given.cancel();
        } else {
            given.request(WINDOW);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Data(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new End());
    }

    private final class Body extends InputStream {
        private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ended && (buffers.isEmpty() || !buffers.element().hasRemaining())) {
                if (buffers.poll() == null) {
                    await();
                }
            }
            if (ended) {
                return -1;
            }
            ByteBuffer buffer = buffers.element();
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, offset, count);
            return count;
        }

        private void await() throws IOException {
            if (closed.get()) {
                throw new IOException("the answer was closed");
            }
            Event event;
            try {
                event = events.poll(idleNanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                close();
                throw new IOException("interrupted while reading the answer");
            }
            switch (event) {
                case null -> {
                    close();
                    throw new IOException(
                            "nothing more arrived for " + TimeUnit.NANOSECONDS.toSeconds(idleNanos) + " s");
                }
                case Data data -> {
                    buffers.addAll(data.buffers());
                    subscription.join().request(1);
                }
                case End end -> ended = true;
                case Failure failure -> {
                    close();
                    // Its message may quote what the server sent, so it stays behind.
                    throw new EOFException("the answer broke off");
                }
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true) && subscription.isDone()) {
                subscription.join().cancel();
            }
        }
    }
}
