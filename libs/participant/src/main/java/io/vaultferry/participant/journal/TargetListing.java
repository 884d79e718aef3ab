package io.vaultferry.participant.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a listing of the target shows of the writes in question. Everything else is dropped at once, so that a large target
 * does not have to fit into memory and does not disturb by what other people do in it.
 */
final class TargetListing {

    private final Map<String, List<Found>> found;

    private TargetListing(Map<String, List<Found>> found) {
        this.found = found;
    }

    /**
     * Lists the target.
     *
     * @param about the writes in question
     * @param fingerprints turns a token into what the writes hold of it
     */
    static TargetListing take(TargetWrite target, List<OpenWrite> about, Function<String, String> fingerprints) {
        Map<String, List<Found>> found = new HashMap<>();
        about.forEach(write -> found.put(write.fingerprint(), new ArrayList<>(1)));
        target.list(about.stream().map(OpenWrite::unsettled).toList(), object -> {
            List<Found> same = found.get(fingerprints.apply(object.token()));
            // An object may be shown more than once, for example when it moves from one page to the next.
            if (same != null
                    && same.stream().noneMatch(known -> known.targetId().equals(object.targetId()))) {
                same.add(new Found(object.targetId(), object.createdAt(), digest(object.rest())));
            }
        });
        return new TargetListing(found);
    }

    /** The objects that carry this token. */
    List<Found> found(String fingerprint) {
        return found.getOrDefault(fingerprint, List.of());
    }

    boolean showsAll(List<OpenWrite> writes) {
        return writes.stream().noneMatch(write -> found(write.fingerprint()).isEmpty());
    }

    /** Whether both show the same objects in the same condition: the target has come to rest. */
    boolean sameAs(TargetListing other) {
        return found.keySet().equals(other.found.keySet())
                && found.keySet().stream()
                        .allMatch(token -> condition(found.get(token)).equals(condition(other.found.get(token))));
    }

    private static Set<String> condition(List<Found> objects) {
        Set<String> condition = new TreeSet<>();
        objects.forEach(object -> condition.add(object.targetId() + "|" + object.rest()));
        return condition;
    }

    private static String digest(String rest) {
        if (rest.length() <= 32) {
            return rest;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(rest.getBytes(StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * An object that carries a token in question.
     *
     * @param rest its condition, to compare two listings by
     */
    record Found(String targetId, Optional<Instant> createdAt, String rest) {}
}
