package io.vaultferry.orchestrator.custody;

import io.vaultferry.contracts.MigrationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/**
 * Seals small texts about a migration that are personal data, such as the name of an organization to create, for the
 * database's columns. They become unreadable when the migration's key is destroyed.
 */
@ApplicationScoped
public class SealedFacts {

    private final MigrationKeys keys;

    SealedFacts(MigrationKeys keys) {
        this.keys = keys;
    }

    /**
     * Seals a text.
     *
     * @param fact what it is, for example {@code newOrganizationName}; needed again to open it
     * @throws UnknownKeyException when the migration has no key yet, or no more
     */
    public byte[] seal(MigrationId migration, String fact, String text) {
        return keys.facts(migration).seal(text.getBytes(StandardCharsets.UTF_8), whatIs(migration, fact));
    }

    /**
     * Opens a text.
     *
     * @throws UnknownKeyException when the migration's key is destroyed
     * @throws SealBrokenException when it was altered, or sealed for another migration or as another fact
     */
    public String open(MigrationId migration, String fact, byte[] sealed) {
        return new String(keys.facts(migration).open(sealed, whatIs(migration, fact)), StandardCharsets.UTF_8);
    }

    private static String whatIs(MigrationId migration, String fact) {
        return "migration|" + migration + "|" + fact;
    }
}
