package io.vaultferry.bitwarden.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A request body that tells how far it has got. Java's HTTP client subscribes to a body only after the connection, with
 * TLS, stands: as long as nobody has, nothing was sent.
 */
final class WatchedBody implements BodyPublisher {
    private final BodyPublisher body;
    private volatile boolean begun;
    private volatile long lastProgress = System.nanoTime();

    WatchedBody(BodyPublisher body) {
        this.body = body;
    }

    boolean hasBegun() {
        return begun;
    }

    /** By {@link System#nanoTime}. */
    long lastProgress() {
        return lastProgress;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        begun = true;
        lastProgress = System.nanoTime();
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer item) {
                lastProgress = System.nanoTime();
                subscriber.onNext(item);
            }

            @Override
            public void onError(Throwable failure) {
                subscriber.onError(failure);
            }

            @Override
            public void onComplete() {
                lastProgress = System.nanoTime();
                subscriber.onComplete();
            }
        });
    }
}
