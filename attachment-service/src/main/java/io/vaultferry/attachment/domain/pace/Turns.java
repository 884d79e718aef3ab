package io.vaultferry.attachment.domain.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next requests may leave.
 *
 * @param after what is known from now on
 * @param first when the first of them may leave; when none was given, the time to ask again
 * @param spacing between each and the next; zero when the server is asked as fast as anybody likes
 * @param count how many were given; none when it is too early for the next
 */
public record Turns(PaceState after, Instant first, Duration spacing, int count) {

    /** Whether the server is asked without any limit for now, and turns need not be taken one by one. */
    public boolean free() {
        return count > 0 && spacing.isZero();
    }
}
