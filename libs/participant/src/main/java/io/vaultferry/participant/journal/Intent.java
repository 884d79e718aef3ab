package io.vaultferry.participant.journal;

import java.util.Objects;
import java.util.UUID;

/** A recorded write with what is to be sent. */
public final class Intent {

    private final UUID id;
    private final String sourceId;
    private final byte[] payload;

    Intent(UUID id, String sourceId, byte[] payload) {
        this.id = Objects.requireNonNull(id);
        this.sourceId = Objects.requireNonNull(sourceId);
        this.payload = payload;
    }

    public UUID id() {
        return id;
    }

    public String sourceId() {
        return sourceId;
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
