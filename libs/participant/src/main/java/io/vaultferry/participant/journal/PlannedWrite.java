package io.vaultferry.participant.journal;

import java.util.Objects;

/**
 * Something that is to be created in the target.
 *
 * @param sourceId the source object's id; there is one intent for it in a migration, ever
 * @param payload exactly what will be sent, so that a second sending is the same; not copied, leave it alone afterwards
 * @param token the text by which the created object is found in a listing of the target: an encrypted string of the payload,
 *     which is unique because its initialization vector is random, or a name or an e-mail address
 *     ({@link TargetWrite#recognizedBy()})
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the payloads of a chunk are large, so they are not copied.
public record PlannedWrite(String sourceId, byte[] payload, String token) {

    public PlannedWrite {
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(token, "token");
    }

    @Override
    public String toString() {
        return "PlannedWrite[" + sourceId + "]";
    }
}
