package io.vaultferry.testsupport;

import io.vaultferry.infrastructure.DatabaseAccess;
import io.vaultferry.infrastructure.Durability;
import io.vaultferry.infrastructure.EmbeddedDatabases;
import io.vaultferry.infrastructure.EmbeddedKafka;
import io.vaultferry.infrastructure.process.ProcessGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.jboss.logmanager.Logger;

/** The broker inside this JVM and PostgreSQL as a child process, in a temporary directory that is deleted when the JVM ends. */
final class EmbeddedServers implements Servers {

    /** The broker's own accounts of itself, thousands of lines. Kept here, because a logger without owner forgets its level. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("kafka"), Logger.getLogger("org.apache.kafka"), Logger.getLogger("state.change.logger"));

    private final EmbeddedKafka kafka;
    private final EmbeddedDatabases databases;

    private EmbeddedServers(EmbeddedKafka kafka, EmbeddedDatabases databases) {
        this.kafka = kafka;
        this.databases = databases;
    }

    static EmbeddedServers start() {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        try {
            Path directory = Files.createTempDirectory("vaultferry-test-");
            ProcessGuard guard = ProcessGuard.open();
            EmbeddedDatabases databases =
                    EmbeddedDatabases.start(EmbeddedDatabases.Locations.below(directory), Durability.FAST, guard);
            EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Durability.FAST);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> stop(directory, databases, guard), "embedded-servers-stop"));
            return new EmbeddedServers(kafka, databases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The broker is not shut down in order: it ends with the JVM, and its data are thrown away. */
    private static void stop(Path directory, EmbeddedDatabases databases, ProcessGuard guard) {
        databases.close();
        guard.close();
        FileTree.delete(directory);
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public DatabaseAccess database(String name) {
        return databases.database(name);
    }
}
