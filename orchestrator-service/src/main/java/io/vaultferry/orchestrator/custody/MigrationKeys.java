package io.vaultferry.orchestrator.custody;

import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;

/**
 * The key of each migration. What is staged, and what the orchestrator's database keeps sealed about the migration, is
 * under keys derived from it; destroying it makes both unreadable.
 */
@ApplicationScoped
public class MigrationKeys {

    // The names are part of the format of everything sealed: changing one makes it unreadable.
    private static final String STAGING = "vaultferry migration v1: staging";
    private static final String FACTS = "vaultferry migration v1: facts";

    private final KeyVault vault;

    MigrationKeys(KeyVault vault) {
        this.vault = vault;
    }

    /** Makes the key of a new migration. */
    public void make(MigrationId migration) {
        vault.make(nameOf(migration));
    }

    /**
     * The key that participants seal staged data with. The caller closes it.
     *
     * @throws UnknownKeyException when the migration has ended
     */
    public StagingKey staging(MigrationId migration) {
        byte[] key = vault.get(nameOf(migration));
        try {
            return StagingKey.takeOwnershipOf(Seal.derive(key, STAGING));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    Seal facts(MigrationId migration) {
        byte[] key = vault.get(nameOf(migration));
        try {
            return Seal.derivedFrom(key, FACTS);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Whether the key exists: false before {@link #make} and after {@link #destroy}. */
    public boolean exist(MigrationId migration) {
        return vault.holds(nameOf(migration));
    }

    /** Destroys the key. May be repeated. */
    public void destroy(MigrationId migration) {
        vault.destroy(nameOf(migration));
    }

    private static KeyName nameOf(MigrationId migration) {
        return new KeyName(KeyName.Use.MIGRATION, migration.value());
    }
}
