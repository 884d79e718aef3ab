package io.vaultferry.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.infrastructure.process.ProcessGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabasesIT {

    @TempDir
    private Path directory;

    @Test
    void dataSurviveARestartAndAKilledServer() throws Exception {
        EmbeddedDatabases.Locations locations = EmbeddedDatabases.Locations.below(directory);
        try (ProcessGuard guard = ProcessGuard.open()) {
            try (EmbeddedDatabases databases =
                    EmbeddedDatabases.start(locations, Durability.SURVIVES_POWER_LOSS, guard)) {
                execute(databases.database("import"), "CREATE TABLE kept AS SELECT 1 AS number");
            }
            try (EmbeddedDatabases databases =
                    EmbeddedDatabases.start(locations, Durability.SURVIVES_POWER_LOSS, guard)) {
                execute(databases.database("import"), "INSERT INTO kept VALUES (2)");
                databases.process().destroyForcibly();
                await().untilAsserted(
                                () -> assertThat(databases.process().isAlive()).isFalse());
            }
            try (EmbeddedDatabases databases =
                    EmbeddedDatabases.start(locations, Durability.SURVIVES_POWER_LOSS, guard)) {
                DatabaseAccess access = databases.database("import");
                try (Connection connection = connect(access);
                        var rows = connection.createStatement().executeQuery("SELECT sum(number) FROM kept")) {
                    rows.next();
                    assertThat(rows.getInt(1)).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void theAdministratorsPasswordIsForTheOwnerOnlyAndNeeded() throws Exception {
        EmbeddedDatabases.Locations locations = EmbeddedDatabases.Locations.below(directory);
        try (ProcessGuard guard = ProcessGuard.open()) {
            EmbeddedDatabases.start(locations, Durability.FAST, guard).close();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(locations.passwordFile())))
                    .isEqualTo("rw-------");

            Files.delete(locations.passwordFile());

            assertThatThrownBy(() -> EmbeddedDatabases.start(locations, Durability.FAST, guard))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining(locations.passwordFile().toString());
        }
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedByName() {
        EmbeddedDatabases.Locations locations = EmbeddedDatabases.Locations.below(directory);
        try (ProcessGuard guard = ProcessGuard.open();
                EmbeddedDatabases first = EmbeddedDatabases.start(locations, Durability.FAST, guard)) {
            assertThatThrownBy(() -> EmbeddedDatabases.start(locations, Durability.FAST, guard))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("process " + first.process().pid());
        }
    }

    @Test
    void namesAreNotStatements() {
        DatabaseServer server = new DatabaseServer("127.0.0.1:1", "nobody", "nothing");

        assertThatThrownBy(() -> server.provide("a\"; DROP DATABASE b")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void execute(DatabaseAccess access, String statement) throws SQLException {
        try (Connection connection = connect(access);
                var executed = connection.createStatement()) {
            executed.execute(statement);
        }
    }

    private static Connection connect(DatabaseAccess access) throws SQLException {
        return DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
    }
}
