package io.vaultferry.testsupport;

import io.vaultferry.infrastructure.DatabaseAccess;
import io.vaultferry.infrastructure.DatabaseServer;

/**
 * Servers that somebody else started: {@code -Dinfra.kafka=host:port -Dinfra.postgresql=host:port -Dinfra.postgresql.user=...
 * -Dinfra.postgresql.password=...}. The user must be allowed to create roles and databases.
 */
record ExternalServers(String bootstrapServers, DatabaseServer databases) implements Servers {

    static ExternalServers named() {
        return new ExternalServers(
                required("infra.kafka"),
                new DatabaseServer(
                        required("infra.postgresql"),
                        required("infra.postgresql.user"),
                        required("infra.postgresql.password")));
    }

    @Override
    public DatabaseAccess database(String name) {
        return databases.provide(name);
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("-Dinfra=external needs -D" + property);
        }
        return value;
    }
}
