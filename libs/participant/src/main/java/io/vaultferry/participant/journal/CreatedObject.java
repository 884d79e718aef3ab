package io.vaultferry.participant.journal;

import java.util.Objects;

/** An object that this migration created in the target, with what was sent, so that it can be seen whether somebody edited it. */
public final class CreatedObject {

    private final String sourceId;
    private final String targetId;
    private final byte[] payload;

    CreatedObject(String sourceId, String targetId, byte[] payload) {
        this.sourceId = Objects.requireNonNull(sourceId);
        this.targetId = Objects.requireNonNull(targetId);
        this.payload = payload;
    }

    public String sourceId() {
        return sourceId;
    }

    public String targetId() {
        return targetId;
    }

    /** Exactly what was sent. Not a copy: do not change it. */
    public byte[] payload() {
        return payload;
    }

    @Override
    public String toString() {
        return "CreatedObject[" + targetId + "]";
    }
}
