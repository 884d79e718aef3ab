package io.vaultferry.sandbox;

import java.time.Duration;
import java.util.Objects;

/**
 * A failure to show on purpose, as data.
 *
 * @param endpoint method and path template, for example {@code POST /api/ciphers/import-organization} or
 *     {@code GET /api/ciphers/{id}/attachment/{attachment}}; path variables may have any name, {@code *} as the
 *     method or as the whole endpoint matches all
 * @param nth the first matching call that is hit, counted from 1 since the fault was set
 * @param times how many matching calls are hit from then on
 * @param mode what happens to a call that is hit
 */
public record Fault(String endpoint, int nth, int times, Mode mode) {

    public Fault {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(mode, "mode");
        if (nth < 1 || times < 1) {
            throw new IllegalArgumentException("nth and times count from 1");
        }
    }

    /** The next matching call only. */
    public static Fault once(String endpoint, Mode mode) {
        return new Fault(endpoint, 1, 1, mode);
    }

    /** What happens to a call. */
    public sealed interface Mode {}

    /** Nothing is done; the answer is this status, with {@code Retry-After} when that is not zero. */
    public record Refuse(int status, Duration retryAfter) implements Mode {}

    /** Everything is done as asked; the answer is this status all the same. */
    public record AnswerAfterEffect(int status) implements Mode {}

    /** The request is read and nothing is done; the connection is cut without an answer. */
    public record DropBeforeEffect() implements Mode {}

    /** The connection is cut after so many bytes of the request's body; nothing is done. */
    public record DropWhileReading(long afterBytes) implements Mode {}

    /** Everything is done as asked; the connection is cut without an answer. */
    public record DropAfterEffect() implements Mode {}

    /** The call is held back before anything is done, then handled as usual. */
    public record Delay(Duration duration) implements Mode {}

    /** An import pauses between its items and its links; other calls are handled as usual. */
    public record DelayHalfway(Duration duration) implements Mode {}

    /** Everything is done; the answer is held back. */
    public record DelayAfterEffect(Duration duration) implements Mode {}

    /**
     * Everything is done; the answer promises its whole length, but the connection is cut after this many bytes of its
     * body.
     */
    public record Truncate(long afterBytes) implements Mode {}

    /** Everything is done; one bit of the answer's body at this offset (from its end when negative) is wrong. */
    public record Flip(long offset) implements Mode {}
}
