package io.vaultferry.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.Topics;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EmbeddedInfrastructureIT {

    @Test
    void givesEachDatabaseToItsOwnRoleOnly() throws SQLException {
        // Given
        Map<String, String> first = startFor("first_service");
        Map<String, String> second = startFor("second_service");

        // When
        try (Connection connection = connect(first, first.get("quarkus.datasource.jdbc.url"));
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (id int)");
        }

        // Then
        assertThatThrownBy(() -> connect(second, first.get("quarkus.datasource.jdbc.url")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> connect(
                        Map.of("quarkus.datasource.username", "first_service", "quarkus.datasource.password", "guess"),
                        first.get("quarkus.datasource.jdbc.url")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void startsTheServersOnceForAllWhoAsk() {
        assertThat(startFor("first_service")).isEqualTo(startFor("first_service"));
    }

    @Test
    void topicsKeepWhatIsSentToThem() {
        startFor("");
        String key = UUID.randomUUID().toString();

        try (TestTopics topics = TestTopics.open()) {
            topics.send(Topics.MIGRATION_EVENTS, key, "{}", Map.of("message-id", "1"));

            assertThat(topics.read(Topics.MIGRATION_EVENTS, key))
                    .singleElement()
                    .satisfies(message -> assertThat(message.value()).isEqualTo("{}"));
            assertThat(topics.read(Topics.deadLettersOf(Topics.MIGRATION_EVENTS), key))
                    .isEmpty();
        }
    }

    private static Map<String, String> startFor(String database) {
        EmbeddedInfrastructure infrastructure = new EmbeddedInfrastructure();
        infrastructure.init(Map.of("database", database));
        return infrastructure.start();
    }

    private static Connection connect(Map<String, String> configuration, String url) throws SQLException {
        return DriverManager.getConnection(
                url,
                configuration.get("quarkus.datasource.username"),
                configuration.get("quarkus.datasource.password"));
    }
}
