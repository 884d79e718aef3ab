package io.vaultferry.participant.journal;

import io.vaultferry.contracts.ReasonCode;

/** What a write that was looked for turned out to be. */
sealed interface Verdict {

    /** It is in the target. */
    record Created(String targetId) implements Verdict {}

    /**
     * It is not in the target and may be sent again.
     *
     * @param unitLimit the most objects of the call that sends it
     * @param unanswered whether no answer is known, so that the effect may still come
     * @param failedAlone whether it was sent alone, and no answer came although the worker waited for one
     */
    record SendAgain(int unitLimit, boolean unanswered, boolean failedAlone) implements Verdict {}

    /** It is not in the target and will not be. */
    record Refused(ReasonCode reason) implements Verdict {}
}
