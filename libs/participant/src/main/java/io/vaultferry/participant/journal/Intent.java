package io.vaultferry.participant.journal;

import java.util.Objects;
import java.util.UUID;

/** A recorded write with what is to be sent. */
public final class Intent {

    private final UUID id;
    private final String sourceId;
    private final String fingerprint;
    private final int loneFailures;
    private final byte[] payload;

    Intent(UUID id, String sourceId, String fingerprint, int loneFailures, byte[] payload) {
        this.id = Objects.requireNonNull(id);
        this.sourceId = Objects.requireNonNull(sourceId);
        this.fingerprint = Objects.requireNonNull(fingerprint);
        this.loneFailures = loneFailures;
        this.payload = payload;
    }

    public UUID id() {
        return id;
    }

    public String sourceId() {
        return sourceId;
    }

    /** Keyed hash of the token. */
    String fingerprint() {
        return fingerprint;
    }

    /** How often it was sent alone without an answer, and was not there afterwards. */
    int loneFailures() {
        return loneFailures;
    }

    /** Exactly what was planned; the same at every sending. Not a copy: do not change it. */
    public byte[] payload() {
        return payload;
    }

    @Override
    public String toString() {
        return "Intent[" + id + ", " + sourceId + "]";
    }
}
