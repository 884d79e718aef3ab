package io.vaultferry.bitwarden.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The body of an answer, straight from its connection into the reader's array. A connection whose answer was read to its
 * end is given back, any other one dropped. Reading ends with an {@link IOException} when nothing arrives for some time,
 * when what arrives is less than {@value #SLOWEST} bytes for each second of waiting, and when the answer breaks off.
 */
final class AnswerBody extends InputStream {
    /** Bytes per second. The largest file of a server takes a day and a half at this pace. */
    private static final int SLOWEST = 4 * 1024;

    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9a-fA-F]{1,15})[ \t]*(;.*)?");

    private final FileConnection connection;
    private final InputStream in;
    private final boolean chunked;
    private final boolean reusable;
    private final Duration idle;

    /** Of the body or of the current chunk; negative when only the end of the connection ends the body. */
    private long remaining;

    private boolean begun;
    private boolean ended;
    private boolean closed;

    /** @param reusable whether the connection may carry another request when this body has ended */
    AnswerBody(FileConnection connection, AnswerHead head, boolean reusable, Duration idle) {
        this.connection = connection;
        this.in = connection.in();
        this.chunked = head.isChunked();
        this.remaining = !head.hasBody() || chunked ? 0 : head.length().orElse(-1);
        this.reusable = reusable && remaining >= 0;
        this.idle = idle;
        connection.socket().waitForEachRead(idle, SLOWEST);
        if (remaining == 0 && !chunked) {
            end();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (closed) {
            throw new IOException("the answer was closed");
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new IOException("interrupted while reading the answer");
        }
        try {
            if (chunked && remaining == 0 && !ended) {
                beginChunk();
            }
            return ended ? -1 : readSome(target, offset, length);
        } catch (SocketTimeoutException e) {
            close();
            throw new IOException("nothing more arrived for " + idle.toSeconds() + " s");
        } catch (TimedSocket.TooSlow e) {
            close();
            throw new IOException("the answer arrives too slowly");
        } catch (IOException e) {
            close();
            // Its message may quote what the server sent, so it stays behind.
            throw new EOFException("the answer broke off");
        }
    }

    private int readSome(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, remaining < 0 ? length : (int) Math.min(length, remaining));
        if (read < 0) {
            if (remaining > 0) {
                throw new EOFException();
            }
            end();
            return -1;
        }
        if (remaining > 0) {
            remaining -= read;
            if (remaining == 0 && !chunked) {
                end();
            }
        }
        return read;
    }

    private void beginChunk() throws IOException {
        AnswerHead.Lines lines = new AnswerHead.Lines(in);
        if (begun && !lines.next().isEmpty()) {
            throw new EOFException();
        }
        begun = true;
        var size = CHUNK_SIZE.matcher(lines.next());
        if (!size.matches()) {
            throw new EOFException();
        }
        remaining = Long.parseLong(size.group(1), 16);
        if (remaining == 0) {
            while (!lines.next().isEmpty()) {
                // Trailers say nothing that anybody here wants to know.
            }
            end();
        }
    }

    private void end() {
        ended = true;
        if (reusable && !hasMore()) {
            connection.giveBack();
        } else {
            connection.drop();
        }
    }

    /** Whether something follows the answer that nobody has asked for. */
    private boolean hasMore() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (!ended) {
            ended = true;
            connection.drop();
        }
    }
}
