package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.participant.journal.TargetWrite.Recognition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What follows for writes that were sent from a listing of a target at rest. No clock, no database, no server.
 *
 * @param verdicts for each write about which something new is known
 * @param surplus ids of copies that are ours and may be removed
 * @param ambiguous ids of objects that carry the name of one of ours and may be somebody else's
 */
record Settlement(Map<UUID, Verdict> verdicts, List<String> surplus, List<String> ambiguous) {

    /** How often an object may fail alone before it is given up, provided that others went through meanwhile. */
    static final int PATIENCE = 3;

    /**
     * Decides.
     *
     * @param writes writes that were sent, in the order of the plan; with those that are known to be in the target already
     *     and share a token with one of them
     * @param listing what the target shows
     * @param lastSuccess when the latest write that is known to have arrived was sent
     * @param ownCalls whether this worker made the calls; one that ended with its process says nothing against an object
     */
    static Settlement of(
            List<OpenWrite> writes,
            TargetListing listing,
            Recognition recognition,
            Optional<Instant> lastSuccess,
            boolean ownCalls) {
        Map<UUID, Verdict> verdicts = new LinkedHashMap<>();
        Map<UUID, OpenWrite> missing = new LinkedHashMap<>();
        List<String> surplus = new ArrayList<>();
        List<String> ambiguous = new ArrayList<>();
        Instant latestSuccess = lastSuccess.orElse(Instant.MIN);

        Map<String, List<OpenWrite>> sameToken = new LinkedHashMap<>();
        writes.forEach(write -> sameToken
                .computeIfAbsent(write.fingerprint(), token -> new ArrayList<>())
                .add(write));
        for (Map.Entry<String, List<OpenWrite>> token : sameToken.entrySet()) {
            Assignment assignment = Assignment.of(token.getValue(), listing.found(token.getKey()));
            for (OpenWrite write : token.getValue()) {
                Optional<String> targetId = assignment.targetOf(write);
                if (targetId.isPresent()) {
                    if (!targetId.equals(write.targetId())) {
                        verdicts.put(write.id(), new Verdict.Created(targetId.get()));
                    }
                    latestSuccess = write.lastSentAt().isAfter(latestSuccess) ? write.lastSentAt() : latestSuccess;
                } else if (write.state() != IntentState.CREATED) {
                    missing.put(write.id(), write);
                }
            }
            switch (recognition) {
                case BY_UNIQUE_TOKEN -> surplus.addAll(assignment.left());
                case BY_NAME -> ambiguous.addAll(assignment.left());
            }
        }

        for (OpenWrite write : missing.values()) {
            verdicts.put(write.id(), missing(write, latestSuccess.isAfter(write.firstSentAt()), ownCalls));
        }
        return new Settlement(verdicts, surplus, ambiguous);
    }

    private static Verdict missing(OpenWrite write, boolean othersWentThrough, boolean ownCalls) {
        boolean alone = write.unitSize() <= 1;
        return switch (write.state()) {
            // Not there although nothing was refused: send it in ever smaller company, and at last judge it alone.
            case SENT -> {
                if (!alone) {
                    yield new Verdict.SendAgain(half(write), true, false);
                }
                yield ownCalls && write.loneFailures() + 1 >= PATIENCE && othersWentThrough
                        ? new Verdict.Refused(ReasonCode.REFUSED_BY_TARGET)
                        : new Verdict.SendAgain(1, true, ownCalls);
            }
            case ACCEPTED ->
                alone
                        ? new Verdict.Refused(ReasonCode.NOT_FOUND_AFTER_IMPORT)
                        : new Verdict.SendAgain(half(write), false, false);
            case REJECTED ->
                alone
                        ? new Verdict.Refused(write.reason().orElse(ReasonCode.REFUSED_BY_TARGET))
                        : new Verdict.SendAgain(half(write), false, false);
            // Looked for once more at the end: it did not arrive late either.
            case REFUSED -> new Verdict.Refused(write.reason().orElse(ReasonCode.REFUSED_BY_TARGET));
            case INTENDED, CREATED, REMOVED ->
                throw new IllegalArgumentException("a write that is " + write.state() + " is not looked for");
        };
    }

    private static int half(OpenWrite write) {
        return Math.max(1, write.unitSize() / 2);
    }

    /** Which of the objects that carry a token belongs to which of the writes that sent it. */
    private record Assignment(Map<UUID, String> targetIds, List<String> left) {

        static Assignment of(List<OpenWrite> writes, List<TargetListing.Found> found) {
            Set<String> free = new HashSet<>();
            found.forEach(object -> free.add(object.targetId()));
            Map<UUID, String> targetIds = new HashMap<>();
            for (OpenWrite write : writes) {
                write.targetId().filter(free::remove).ifPresent(id -> targetIds.put(write.id(), id));
            }
            List<TargetListing.Found> oldestFirst = found.stream()
                    .sorted(Comparator.comparing((TargetListing.Found object) ->
                                    object.createdAt().orElse(Instant.MIN))
                            .thenComparing(TargetListing.Found::targetId))
                    .toList();
            for (OpenWrite write : writes) {
                if (!targetIds.containsKey(write.id())) {
                    oldestFirst.stream()
                            .map(TargetListing.Found::targetId)
                            .filter(id -> !write.presentBefore().contains(id))
                            .filter(free::remove)
                            .findFirst()
                            .ifPresent(id -> targetIds.put(write.id(), id));
                }
            }
            // What was there before the first of the intents is nobody's copy.
            writes.forEach(write -> free.removeAll(write.presentBefore()));
            return new Assignment(targetIds, free.stream().sorted().toList());
        }

        Optional<String> targetOf(OpenWrite write) {
            return Optional.ofNullable(targetIds.get(write.id()));
        }
    }
}
