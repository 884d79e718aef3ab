package io.vaultferry.testsupport;

import io.vaultferry.infrastructure.DatabaseAccess;

/** A Kafka broker and a PostgreSQL server, wherever they run. */
sealed interface Servers permits EmbeddedServers, ContainerServers, ExternalServers {

    String bootstrapServers();

    /** The database of that name with a role that owns it; made when missing. */
    DatabaseAccess database(String name);
}
