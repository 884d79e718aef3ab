package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The alerts against the metrics, the labels, the runbook and, where it is installed, Prometheus' own tool. */
class AlertRulesTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final String RULES = "deploy/prometheus/rules.yml";
    private static final String CASES = "deploy/prometheus/rules-test.yml";
    private static final String RUNBOOK = "docs/runbook.md";
    private static final Pattern SERVICE = Pattern.compile("service(=~?)\"([^\"]+)\"");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*(.*?)\\s*}}");

    @TempDir
    Path directory;

    @Test
    void keepToTheFormatOfRuleFiles() throws IOException {
        assertThat(violationsOf(REPOSITORY.text(RULES))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'    rules:', '    rule:'",
        "'        expr: ', '        expression: '",
        "'for: 2m', 'for: 2 minutes'",
        "'severity: critical', 'severity: loud'",
        "'- alert: VaultferryDeadLetters', '- alert: Dead letters'",
        "'          runbook: ', '          see: '"
    })
    void whatPrometheusWouldRefuseIsNoticed(String before, String after) throws IOException {
        // Given
        String rules = REPOSITORY.text(RULES);

        // Then
        assertThat(rules).contains(before);
        assertThat(violationsOf(rules.replace(before, after))).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void metricsOfExpressionsAreServed(JsonNode alert) {
        // When
        Set<String> named = ServedMetrics.namedBy(alert.path("expr").asText());

        // Then
        assertThat(named).isNotEmpty();
        assertThat(ServedMetrics.in(REPOSITORY)).containsAll(named);
    }

    @ParameterizedTest
    @CsvSource({
        "sum by (no_metric) (a_b{c=\"d\"}[5m]) > 0 and on (no_metric) e == 0, a_b e",
        "(delta(a[5m]) > 0) unless on (x) group_left (y) b:c, a b:c",
        "absent(up{service=\"x\"}) or rate(a_total[1m]) * 100, a_total up"
    })
    void metricsAreFoundInExpressions(String expression, String metrics) {
        assertThat(ServedMetrics.namedBy(expression)).containsExactly(metrics.split(" "));
    }

    @Test
    void servicesOfExpressionsAreScrapedUnderThatName() {
        // Given
        Set<String> scraped = new TreeSet<>();
        for (JsonNode job : REPOSITORY.yaml("deploy/prometheus/prometheus.yml").path("scrape_configs")) {
            job.path("static_configs")
                    .forEach(group -> scraped.add(group.at("/labels/service").asText()));
            job.path("relabel_configs")
                    .forEach(relabeling ->
                            scraped.add(relabeling.path("replacement").asText()));
        }
        Set<String> watched = new TreeSet<>();

        // When
        alerts().forEach(alert -> {
            Matcher service = SERVICE.matcher(alert.path("expr").asText());
            while (service.find()) {
                Pattern wanted = Pattern.compile(service.group(2));
                assertThat(scraped).anyMatch(name -> wanted.matcher(name).matches());
                scraped.stream().filter(name -> wanted.matcher(name).matches()).forEach(watched::add);
            }
        });

        // Then
        assertThat(watched).as("every service is watched").isEqualTo(scraped);
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertHasASectionInTheRunbook(JsonNode alert) {
        // Given
        String name = alert.path("alert").asText();

        // Then
        assertThat(REPOSITORY.text(RUNBOOK).lines()).contains("### " + name);
        assertThat(alert.at("/annotations/runbook").asText()).isEqualTo(RUNBOOK + "#" + name.toLowerCase(Locale.ROOT));
    }

    @Test
    void theRunbookExplainsNoAlertThatIsGone() {
        // Given
        List<String> names = alerts().map(alert -> alert.path("alert").asText()).toList();

        // Then
        assertThat(REPOSITORY
                        .text(RUNBOOK)
                        .lines()
                        .filter(line -> line.startsWith("### Vaultferry"))
                        .map(line -> line.substring("### ".length())))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertIsTriedOnce(JsonNode alert) {
        // Given
        String name = alert.path("alert").asText();

        // When
        List<JsonNode> tried = REPOSITORY
                .yaml(CASES)
                .path("tests")
                .valueStream()
                .flatMap(test -> test.path("alert_rule_test").valueStream())
                .filter(test -> test.path("alertname").asText().equals(name))
                .toList();

        // Then
        assertThat(tried).as("it is silent once").anyMatch(test -> !test.has("exp_alerts"));
        assertThat(tried)
                .as("it is raised once")
                .anyMatch(test -> !test.path("exp_alerts").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void placeholdersAreValuesOrLabels(JsonNode alert) {
        for (JsonNode annotation : alert.path("annotations")) {
            Matcher placeholder = PLACEHOLDER.matcher(annotation.asText());
            while (placeholder.find()) {
                assertThat(placeholder.group(1))
                        .matches("\\$value( \\| humanizeDuration)?"
                                + "|\\$labels\\.(service|instance|topic|consumergroup|step)");
            }
        }
    }

    @Test
    void prometheusLoadsThemWhereTheyAreMounted() {
        // Given
        JsonNode configuration = REPOSITORY.yaml("deploy/prometheus/prometheus.yml");
        List<String> volumes = new ComposeFile(REPOSITORY.yaml("docker-compose.yml"))
                .service("prometheus")
                .volumes();

        // Then
        assertThat(configuration.path("rule_files").valueStream().map(JsonNode::asText))
                .containsExactly("rules.yml");
        assertThat(volumes)
                .contains(
                        "./deploy/prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro",
                        "./" + RULES + ":/etc/prometheus/rules.yml:ro");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"check rules " + RULES, "test rules " + CASES, "check config deploy/prometheus/prometheus.yml"})
    void promtoolAgrees(String arguments) throws Exception {
        // Given
        assumeTrue(promtoolIsInstalled(), "promtool is not on the PATH");
        String[] command = ("promtool " + arguments).split(" ");
        command[command.length - 1] =
                REPOSITORY.path(command[command.length - 1]).toString();
        Path output = directory.resolve("output");

        // When
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();

        // Then
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    private static boolean promtoolIsInstalled() {
        return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
    }

    private static Stream<JsonNode> alerts() {
        return REPOSITORY
                .yaml(RULES)
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream());
    }

    private static List<Error> violationsOf(String rules) throws IOException {
        try (InputStream format = AlertRulesTest.class.getResourceAsStream("rule-file.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(SchemaLocation.of("classpath:rule-file"), format, InputFormat.JSON);
            return schema.validate(Repository.yamlOf(rules));
        }
    }
}
