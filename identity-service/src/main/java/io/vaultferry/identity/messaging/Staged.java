package io.vaultferry.identity.messaging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.identity.domain.Translation;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.documents.IdMap;
import io.vaultferry.participant.documents.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** Opens what earlier steps staged. */
@ApplicationScoped
class Staged {

    private final ClaimCheckStore store;

    Staged(ClaimCheckStore store) {
        this.store = store;
    }

    ClaimCheckStore store() {
        return store;
    }

    Snapshot snapshot(MigrationSession session, ClaimCheck check) {
        return Snapshot.open(store, session.stagingKey(), session.migration(), check);
    }

    /**
     * @param groupsOrNull outcome of PROVISION_GROUPS; null when groups are not moved
     */
    Translation translation(MigrationSession session, ClaimCheck collections, ClaimCheck groupsOrNull) {
        return new Translation(
                idMap(session, collections, ObjectKind.COLLECTION),
                groupsOrNull == null ? IdMap.empty() : idMap(session, groupsOrNull, ObjectKind.GROUP));
    }

    private IdMap idMap(MigrationSession session, ClaimCheck check, ObjectKind kind) {
        try (OutcomeReader lines = OutcomeReader.open(store, session.stagingKey(), session.migration(), check)) {
            return IdMap.of(lines, kind);
        }
    }

    /** What INVITE_MEMBERS did with each person, by the source's id. */
    Map<String, ObjectOutcome> members(MigrationSession session, ClaimCheck check) {
        Map<String, ObjectOutcome> members = new HashMap<>();
        try (OutcomeReader lines = OutcomeReader.open(store, session.stagingKey(), session.migration(), check)) {
            lines.forEachRemaining(line -> members.put(line.sourceId(), line));
        }
        return members;
    }
}
