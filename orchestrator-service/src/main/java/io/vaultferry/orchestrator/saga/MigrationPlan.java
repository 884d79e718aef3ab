package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.ServerFacts;
import java.time.Duration;
import java.util.List;

/**
 * What a migration is going to do, said before its first write.
 *
 * @param objects for each kind, how many there are and how many will be moved
 * @param losses what cannot be moved or is left out, and why
 * @param notices what an operator should know and nothing stands against
 * @param blockers what makes the migration impossible as it is
 * @param seatsNeeded seats that the target needs at most
 * @param storageNeeded bytes of attachment storage that the target needs
 * @param floorTime what the target's stated limits of request rates cost at least
 */
public record MigrationPlan(
        ServerFacts source,
        ServerFacts target,
        List<PlannedObjects> objects,
        List<Loss> losses,
        List<Notice> notices,
        List<Blocker> blockers,
        long seatsNeeded,
        long storageNeeded,
        Duration floorTime) {

    public MigrationPlan {
        objects = List.copyOf(objects);
        losses = List.copyOf(losses);
        notices = List.copyOf(notices);
        blockers = List.copyOf(blockers);
    }

    /**
     * @param found objects in the source
     * @param toMove objects that will be moved at most
     */
    public record PlannedObjects(ObjectKind kind, long found, long toMove) {}

    /**
     * @param count how many; 0 when only known that there are some
     */
    public record Loss(ObjectKind kind, long count, ReasonCode reason, String detail) {}

    public record Notice(NoticeCode code, String detail) {}

    public record Blocker(FailureCode code, String detail) {}

    public enum NoticeCode {
        /** The target organization is not empty. */
        EXISTING_CONTENT,
        /** Items without a key of their own are decrypted in memory and encrypted again. */
        ITEMS_ARE_ENCRYPTED_AGAIN,
        /** Files of the oldest generation are decrypted and encrypted again on their way. */
        FILES_ARE_ENCRYPTED_AGAIN,
        /** There may be too few seats, depending on who is in the target already. */
        SEATS_MAY_NOT_SUFFICE,
        /** The limits of the target's request rate will be felt. */
        RATE_LIMITED_TARGET
    }
}
