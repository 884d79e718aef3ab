package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A form with one file, sent as a stream of known length. Not more than a few chunks are in memory at a time.
 *
 * <pre>head | content, exactly as many bytes as announced | tail</pre>
 *
 * <p>The last chunk of the content leaves only after the content has shown that it ends there. When it fails or has
 * another length the request is broken off before its end, and {@link #contentFailure()} tells why: the server has then
 * not got a whole request.
 */
final class FormUpload implements BodyPublisher {
    private static final int CHUNK = 64 * 1024;

    private final byte[] head;
    private final InputStream content;
    private final long length;
    private final byte[] tail;
    private final String contentType;
    private volatile Throwable contentFailure;

    /** @param fileName what the form calls the file; must need no quoting */
    FormUpload(String fileName, InputStream content, long length) {
        if (!fileName.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("Not a name for a form.");
        }
        String boundary = "vaultferry-" + UUID.randomUUID();
        this.contentType = "multipart/form-data; boundary=" + boundary;
        this.head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        this.content = content;
        this.length = length;
    }

    String contentType() {
        return contentType;
    }

    Optional<Throwable> contentFailure() {
        return Optional.ofNullable(contentFailure);
    }

    @Override
    public long contentLength() {
        return head.length + length + tail.length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Sending(subscriber));
    }

    private enum Part {
        HEAD,
        CONTENT,
        TAIL,
        DONE
    }

    /** Reads on whatever thread asks for more; calls that come while it is reading are served by the one that reads. */
    private final class Sending implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger calls = new AtomicInteger();
        private volatile boolean cancelled;
        private Part next = Part.HEAD;
        private long remaining = length;

        Sending(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            if (calls.getAndIncrement() != 0) {
                return;
            }
            int served = 1;
            do {
                serve();
                served = calls.addAndGet(-served);
            } while (served != 0);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        private void serve() {
            while (demand.get() > 0 && next != Part.DONE && !cancelled) {
                ByteBuffer chunk;
                try {
                    chunk = nextChunk();
                } catch (IOException | RuntimeException e) {
                    contentFailure = e;
                    next = Part.DONE;
                    subscriber.onError(new IOException("the content failed"));
                    return;
                }
                demand.decrementAndGet();
                subscriber.onNext(chunk);
                if (next == Part.DONE) {
                    subscriber.onComplete();
                }
            }
        }

        private ByteBuffer nextChunk() throws IOException {
            return switch (next) {
                case HEAD -> {
                    next = Part.CONTENT;
                    yield ByteBuffer.wrap(head);
                }
                case CONTENT -> {
                    int wanted = (int) Math.min(CHUNK, remaining);
                    byte[] chunk = new byte[wanted];
                    if (content.readNBytes(chunk, 0, wanted) < wanted) {
                        throw new IOException("The content ended before its announced length.");
                    }
                    remaining -= wanted;
                    if (remaining == 0 && content.read() != -1) {
                        throw new IOException("The content is longer than announced.");
                    }
                    if (remaining == 0) {
                        next = Part.TAIL;
                    }
                    yield wanted == 0 ? nextChunk() : ByteBuffer.wrap(chunk);
                }
                case TAIL -> {
                    next = Part.DONE;
                    yield ByteBuffer.wrap(tail);
                }
                case DONE -> throw new IllegalStateException("Nothing is left to send.");
            };
        }
    }
}
