package io.vaultferry.bitwarden.client;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The {@code Retry-After} header: seconds, or a date that counts from the answer's own {@code Date}. */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private RetryAfter() {}

    static Optional<Duration> of(HttpAnswer answer, Clock clock) {
        return answer.header("retry-after").flatMap(text -> parse(text.strip(), answer, clock));
    }

    private static Optional<Duration> parse(String text, HttpAnswer answer, Clock clock) {
        try {
            if (!text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
            }
            Instant until = date(text);
            Instant from = answer.header("date").map(RetryAfter::date).orElseGet(clock::instant);
            return Optional.of(bounded(Duration.between(from, until)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant date(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static Duration bounded(Duration duration) {
        if (duration.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
