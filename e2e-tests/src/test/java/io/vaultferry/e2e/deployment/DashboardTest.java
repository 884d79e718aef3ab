package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The Grafana dashboard against the metrics that the services register. */
class DashboardTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final JsonNode DASHBOARD = REPOSITORY.json("deploy/grafana/dashboards/vaultferry.json");

    @Test
    void showsOnlyMetricsThatAreServed() {
        // When
        Set<String> shown = new TreeSet<>();
        DASHBOARD.findValuesAsText("expr").forEach(expression -> shown.addAll(ServedMetrics.namedBy(expression)));

        // Then
        assertThat(shown).contains("kafka_consumergroup_lag", "vaultferry_migrations", "vaultferry_step_bytes_done");
        assertThat(ServedMetrics.in(REPOSITORY)).containsAll(shown);
    }

    @Test
    void listOfServedMetricsHasOnlyThoseThatAreRegistered() {
        assertThat(ServedMetrics.in(REPOSITORY).stream().filter(name -> name.startsWith("vaultferry_")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(RegisteredMetrics.in(REPOSITORY)).contains(name));
    }

    @Test
    void asksTheDataSourceThatIsProvisioned() {
        // Given
        JsonNode source = REPOSITORY
                .yaml("deploy/grafana/provisioning/datasources/prometheus.yml")
                .at("/datasources/0");

        // Then
        assertThat(DASHBOARD.findValues("datasource"))
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.path("uid")).isEqualTo(source.path("uid")));
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
    }

    @Test
    void isLookedForWhereItIsMounted() {
        // Given
        String directory = REPOSITORY
                .yaml("deploy/grafana/provisioning/dashboards/vaultferry.yml")
                .at("/providers/0/options/path")
                .asText();

        // Then
        assertThat(new ComposeFile(REPOSITORY.yaml("docker-compose.yml"))
                        .service("grafana")
                        .volumes())
                .contains("./deploy/grafana/dashboards:" + directory + ":ro");
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() {
        // Given
        List<JsonNode> panels = DASHBOARD.path("panels").valueStream().toList();
        Set<String> cells = new TreeSet<>();
        int area = 0;

        // When
        for (JsonNode panel : panels) {
            JsonNode place = panel.path("gridPos");
            area += place.path("w").asInt() * place.path("h").asInt();
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    cells.add((place.path("x").asInt() + x) + "/"
                            + (place.path("y").asInt() + y));
                }
            }
        }

        // Then
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(cells).hasSize(area);
    }
}
