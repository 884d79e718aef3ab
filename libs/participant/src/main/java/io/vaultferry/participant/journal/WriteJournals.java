package io.vaultferry.participant.journal;

import io.vaultferry.participant.MigrationSession;
import jakarta.enterprise.context.ApplicationScoped;

/** Skeleton. */
@ApplicationScoped
public class WriteJournals {

    /** The writer of one scope; its payloads are sealed under the session's staging key, and it waits as the server's profile says. */
    public EffectivelyOnceWriter writer(WriteScope scope, MigrationSession target) {
        throw new UnsupportedOperationException("skeleton");
    }
}
