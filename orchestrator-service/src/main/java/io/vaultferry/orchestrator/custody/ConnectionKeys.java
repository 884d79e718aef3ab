package io.vaultferry.orchestrator.custody;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.UUID;

/** The key of each connection, under which its record is sealed. */
@ApplicationScoped
public class ConnectionKeys {

    private final KeyVault vault;

    ConnectionKeys(KeyVault vault) {
        this.vault = vault;
    }

    public void make(UUID connection) {
        vault.make(nameOf(connection));
    }

    /** @throws UnknownKeyException when the connection is forgotten */
    public Seal seal(UUID connection) {
        byte[] key = vault.get(nameOf(connection));
        try {
            return Seal.under(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Destroys the key. May be repeated. */
    public void destroy(UUID connection) {
        vault.destroy(nameOf(connection));
    }

    private static KeyName nameOf(UUID connection) {
        return new KeyName(KeyName.Use.CONNECTION, connection);
    }
}
