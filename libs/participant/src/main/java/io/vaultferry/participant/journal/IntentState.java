package io.vaultferry.participant.journal;

/** Where a write stands. Stored by name. {@link EffectivelyOnceWriter} shows how one state follows another. */
public enum IntentState {
    /** Recorded, and certainly not in the target: may be sent. */
    INTENDED,
    /** Sent, or about to be, and no answer is known: must not be sent again before it is settled. */
    SENT,
    /** The target said yes and no id: has to be found in a listing. */
    ACCEPTED,
    /** The target said no; part of a refused call may have been stored all the same. */
    REJECTED,
    /** In the target, under a known id. */
    CREATED,
    /** Not in the target, for a stated reason. */
    REFUSED,
    /** Was in the target and was taken back. */
    REMOVED
}
