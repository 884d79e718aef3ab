package io.vaultferry.participant.documents;

import io.vaultferry.contracts.ObjectKind;
import java.util.Objects;

/**
 * One object that the target held before the first write.
 *
 * @param targetId its id; a policy's type number
 * @param contentHash keyed hash of what nobody but its owners may change; see {@link Baseline}
 */
public record BaselineLine(ObjectKind kind, String targetId, String contentHash) {

    public BaselineLine {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(targetId, "targetId");
        Objects.requireNonNull(contentHash, "contentHash");
    }
}
