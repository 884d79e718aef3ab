package io.vaultferry.identity.domain;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.claimcheck.documents.OutcomeReader;
import io.vaultferry.claimcheck.documents.OutcomeWriter;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.participant.documents.IdMap;
import java.nio.file.Path;
import java.util.Map;

/** Id maps as the steps before write them. */
final class IdMaps {

    private IdMaps() {}

    static IdMap of(ObjectKind kind, Map<String, String> targetIds, Path directory) {
        ClaimCheckStore store = DirectoryStore.at(directory);
        MigrationId migration = MigrationId.make();
        try (StagingKey key = StagingKey.make()) {
            ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {
                for (Map.Entry<String, String> ids : targetIds.entrySet()) {
                    sink.add(ObjectOutcome.moved(kind, ids.getKey(), ids.getValue()));
                }
            });
            try (OutcomeReader lines = OutcomeReader.open(store, key, migration, check)) {
                return IdMap.of(lines, kind);
            }
        }
    }
}
