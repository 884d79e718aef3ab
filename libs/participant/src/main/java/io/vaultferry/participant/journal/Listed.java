package io.vaultferry.participant.journal;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An object that a listing of the target shows.
 *
 * @param token as in {@link PlannedWrite#token()}
 * @param targetId the object's id
 * @param createdAt by the target's clock, when it tells; decides which of two copies is the older
 * @param rest whatever else the target may still be writing, such as links to collections, as any text: the target is at rest
 *     when two listings are equal in this too
 */
public record Listed(String token, String targetId, Optional<Instant> createdAt, String rest) {

    public Listed {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(targetId, "targetId");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(rest, "rest");
    }

    @Override
    public String toString() {
        return "Listed[" + targetId + "]";
    }
}
