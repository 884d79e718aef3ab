package io.vaultferry.sandbox;

import java.time.Instant;
import java.util.Optional;

/**
 * One call of the Bitwarden API. Holds no body and no query.
 *
 * @param number counted from 1 since the start
 * @param at when its head had been read
 * @param method HTTP method
 * @param path the path as requested
 * @param endpoint the method and path template that it matched, or {@code unknown}
 * @param account e-mail of the account that called, when it was authenticated
 * @param status the status of the answer as sent, or, for a cut connection, as it would have been sent; 0 when nothing was done
 * @param microseconds from the head's arrival to the end of the answer
 * @param requestBytes length of the body read
 * @param responseBytes length of the body written
 * @param fault what was done to it on purpose
 */
public record JournalEntry(
        long number,
        Instant at,
        String method,
        String path,
        String endpoint,
        Optional<String> account,
        int status,
        long microseconds,
        long requestBytes,
        long responseBytes,
        Optional<String> fault) {}
