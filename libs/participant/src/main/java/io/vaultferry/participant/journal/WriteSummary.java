package io.vaultferry.participant.journal;

import java.util.List;

/**
 * What all writes of a scope came to.
 *
 * @param created objects that are in the target
 * @param refused objects that the target does not take
 * @param ambiguous ids of objects of the target that carry the name of one that we created and may be somebody else's
 */
public record WriteSummary(long created, long refused, List<String> ambiguous) {

    public WriteSummary {
        ambiguous = List.copyOf(ambiguous);
    }
}
