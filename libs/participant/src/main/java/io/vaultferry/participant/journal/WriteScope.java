package io.vaultferry.participant.journal;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import java.util.Objects;

/**
 * The writes that belong together and are carried out by one worker at a time.
 *
 * @param unit tells apart what several workers do at the same time, for example a transfer unit's id; empty otherwise
 */
public record WriteScope(MigrationId migration, Step step, WriteKind kind, String unit) {

    public WriteScope {
        Objects.requireNonNull(migration, "migration");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(unit, "unit");
    }

    /** A whole step's writes of one kind. */
    public static WriteScope of(MigrationId migration, Step step, WriteKind kind) {
        return new WriteScope(migration, step, kind, "");
    }
}
