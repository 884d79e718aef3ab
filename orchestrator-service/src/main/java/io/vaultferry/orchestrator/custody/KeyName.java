package io.vaultferry.orchestrator.custody;

import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/** Names one key by what it is for. */
public record KeyName(Use use, UUID id) {

    public KeyName {
        Objects.requireNonNull(use, "use");
        Objects.requireNonNull(id, "id");
    }

    /** For example {@code migration-7b0c1f5e-...}. */
    @Override
    public String toString() {
        return use.name().toLowerCase(Locale.ROOT) + "-" + id;
    }

    /** What a key is for. */
    public enum Use {
        CONNECTION,
        MIGRATION
    }
}
