package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * One request with a file. The caller's thread sends it. A second one reads meanwhile, because a server may refuse a file
 * before it has taken all of it, and listens no longer then. A third one watches the time, because a write to a socket has
 * no limit of its own.
 */
final class UploadExchange {
    private final FileConnection connection;
    private final Call call;
    private final RequestHead request;
    private final Duration bodyIdle;
    private final CompletableFuture<AnswerHead> answering = new CompletableFuture<>();
    private volatile long lastProgress = System.nanoTime();
    private volatile boolean sendsItsLastBytes;
    private volatile boolean timedOut;
    private volatile boolean over;

    UploadExchange(FileConnection connection, Call call, RequestHead request, Duration bodyIdle) {
        this.connection = connection;
        this.call = call;
        this.request = request;
        this.bodyIdle = bodyIdle;
    }

    HttpAnswer perform() throws TransportFailure {
        connection.socket().waitWithoutLimit();
        Thread.ofPlatform().daemon().name("upload-answer").start(this::readAnswer);
        Thread watch = Thread.ofVirtual().start(this::watchTime);
        try {
            boolean whole = send();
            AnswerHead head = answering.get();
            if (!whole && head.status() < 300) {
                // Nobody can have stored what was not sent, whatever the answer says.
                throw TransportFailure.connectionLost(connection.origin(), true);
            }
            return new HttpAnswer(
                    head.status(),
                    head.headers(),
                    new AnswerBody(connection, head, whole && head.keepsConnection(), bodyIdle));
        } catch (InterruptedIOException e) {
            throw new TransportFailure(TransportFailure.Kind.INTERRUPTED, true, "interrupted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportFailure(TransportFailure.Kind.INTERRUPTED, true, "interrupted");
        } catch (IOException | ExecutionException e) {
            throw timedOut
                    ? TransportFailure.noAnswerInTime(connection.origin(), call.answerWithin(), true)
                    : TransportFailure.connectionLost(connection.origin(), true);
        } finally {
            over = true;
            LockSupport.unpark(watch);
        }
    }

    /**
     * Answers whether everything was sent. If not, the server's answer tells why, or how the connection ended.
     *
     * @throws IOException when the file itself fails
     */
    private boolean send() throws IOException {
        try {
            byte[] head = request.bytes();
            write(head, 0, head.length, false);
            call.payload().file().orElseThrow().writeTo(this::write);
            return true;
        } catch (NotTaken e) {
            return false;
        }
    }

    private void write(byte[] bytes, int offset, int length, boolean last) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
        sendsItsLastBytes = last;
        if (answering.isDone()) {
            throw new NotTaken();
        }
        lastProgress = System.nanoTime();
        try {
            connection.out().write(bytes, offset, length);
        } catch (IOException e) {
            throw new NotTaken();
        }
        lastProgress = System.nanoTime();
    }

    private void readAnswer() {
        try {
            answering.complete(AnswerHead.read(connection.in()));
            if (!sendsItsLastBytes) {
                connection.stopSending();
            }
        } catch (IOException | RuntimeException e) {
            answering.completeExceptionally(e);
        }
    }

    private void watchTime() {
        while (!over) {
            long left = call.answerWithin().toNanos() - (System.nanoTime() - lastProgress);
            if (left <= 0) {
                timedOut = true;
                connection.drop();
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    /** The connection takes no more of the request. */
    private static final class NotTaken extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
