package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vaultferry.contracts.Participant;
import io.vaultferry.e2e.deployment.ComposeFile.Service;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docker-compose.yml} against the compose specification and against the services that it runs. */
class ComposeFileTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final ComposeFile COMPOSE = new ComposeFile(REPOSITORY.yaml("docker-compose.yml"));

    /** Read by the images of others; their names are theirs. */
    private static final Set<String> OF_OTHER_IMAGES = Set.of(
            "kafka", "postgres", "seaweedfs", "prometheus", "grafana", "vaultwarden-source", "vaultwarden-target");

    @Test
    void keepsToTheComposeSpecification() throws IOException {
        assertThat(violationsOf(COMPOSE)).isEmpty();
    }

    @Test
    void runsEveryServiceAndNothingUnknown() {
        // Given
        List<String> services = Arrays.stream(Participant.values())
                .map(Participant::serviceName)
                .toList();

        // Then
        assertThat(COMPOSE.ours()).extracting(Service::name).containsExactlyInAnyOrderElementsOf(services);
        assertThat(COMPOSE.services())
                .extracting(Service::name)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(services.stream(), OF_OTHER_IMAGES.stream())
                        .toList());
        assertThat(COMPOSE.ours()).allSatisfy(service -> {
            assertThat(service.tree().path("image").asText()).isEqualTo("vaultferry/" + service.name());
            assertThat(service.tree().at("/build/args/SERVICE").asText()).isEqualTo(service.name());
            assertThat(REPOSITORY.path(service.tree().at("/build/dockerfile").asText()))
                    .exists();
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableIsReadByItsService(Participant participant) {
        // Given
        ServiceConfiguration configuration = ServiceConfiguration.of(REPOSITORY, participant.serviceName());

        // When
        Set<String> unread = new TreeSet<>(
                COMPOSE.service(participant.serviceName()).environment().keySet());
        unread.removeIf(configuration::reads);

        // Then
        assertThat(unread).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everythingWithoutADefaultIsSet(Participant participant) {
        // Given
        ServiceConfiguration configuration = ServiceConfiguration.of(REPOSITORY, participant.serviceName());
        Set<String> set =
                COMPOSE.service(participant.serviceName()).environment().keySet();

        // Then
        assertThat(configuration.requiredVariables())
                .as("the search for configuration in the sources finds something")
                .isNotEmpty();
        assertThat(set)
                .containsAll(configuration.requiredVariables())
                .contains(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "QUARKUS_HTTP_HOST",
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "QUARKUS_DATASOURCE_USERNAME",
                        "QUARKUS_DATASOURCE_PASSWORD");
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceListensWhereOthersLookForIt(Participant participant) {
        // Given
        Service service = COMPOSE.service(participant.serviceName());
        String port = portOf(participant);

        // Then
        ServiceConfiguration.of(REPOSITORY, participant.serviceName())
                .value("quarkus.http.port")
                .ifPresent(ownPort -> assertThat(ownPort).isEqualTo(port));
        assertThat(prometheusTargets()).contains(participant.serviceName() + ":" + port);
        if (participant == Participant.ORCHESTRATOR) {
            assertThat(service.ports())
                    .singleElement()
                    .asString()
                    .startsWith("127.0.0.1:")
                    .endsWith(":" + port);
        } else {
            assertThat(service.ports()).isEmpty();
            assertThat(service.environment())
                    .containsEntry(
                            "VAULTFERRY_ORCHESTRATOR_URL",
                            "http://orchestrator-service:" + portOf(Participant.ORCHESTRATOR));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDirectoryIsMountedAndEveryFileIsASecret(Participant participant) {
        // Given
        Service service = COMPOSE.service(participant.serviceName());

        // Then
        service.environment().forEach((variable, value) -> {
            if (variable.endsWith("_DIRECTORY") || variable.endsWith("_FILE")) {
                assertThat(service.mounts()).as(variable).contains(value);
            }
        });
        assertThat(service.tree().path("read_only").asBoolean()).isTrue();
        assertThat(service.volumes())
                .filteredOn(volume -> volume.startsWith("custody:"))
                .hasSize(participant == Participant.ORCHESTRATOR ? 1 : 0);
    }

    @Test
    void volumesAndSecretsAreDeclaredAndUsed() {
        // Given
        Set<String> named = new TreeSet<>();
        Set<String> secrets = new TreeSet<>();
        for (Service service : COMPOSE.services()) {
            service.volumes().stream()
                    .filter(volume -> volume.contains(":") && !volume.startsWith("."))
                    .forEach(volume -> named.add(volume.substring(0, volume.indexOf(':'))));
            service.tree().path("secrets").forEach(secret -> secrets.add(secret.asText()));
        }

        // Then
        assertThat(keysOf(COMPOSE.tree().path("volumes"))).isEqualTo(named);
        assertThat(keysOf(COMPOSE.tree().path("secrets"))).isEqualTo(secrets);
    }

    @Test
    void whatIsMountedFromTheRepositoryIsThere() {
        List<String> mounted = COMPOSE.services().stream()
                .flatMap(service -> service.volumes().stream())
                .filter(volume -> volume.startsWith("./"))
                .map(volume -> volume.substring(2, volume.indexOf(':')))
                .toList();

        assertThat(mounted)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(REPOSITORY.path(file)).exists());
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceHasItsOwnDatabaseAndPassword(Participant participant) {
        // Given
        Service service = COMPOSE.service(participant.serviceName());
        Service postgres = COMPOSE.service("postgres");
        String name = participant.name().toLowerCase(java.util.Locale.ROOT);
        String passwordVariable = participant.name() + "_DB_PASSWORD";

        // Then
        assertThat(service.environment())
                .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://postgres:5432/" + name)
                .containsEntry("QUARKUS_DATASOURCE_USERNAME", name);
        assertThat(service.source("QUARKUS_DATASOURCE_PASSWORD")).contains(passwordVariable);
        assertThat(postgres.source(passwordVariable)).contains(passwordVariable);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ORCHESTRATOR")
    void participantAndOrchestratorShareAToken(Participant participant) {
        // Given
        Service service = COMPOSE.service(participant.serviceName());
        Service orchestrator = COMPOSE.service(Participant.ORCHESTRATOR.serviceName());

        // Then
        assertThat(service.source("VAULTFERRY_INTERNAL_TOKEN"))
                .contains(participant.name() + "_INTERNAL_TOKEN")
                .isEqualTo(orchestrator.source("VAULTFERRY_INTERNAL_TOKENS_" + participant.name()));
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceStagesInTheBucketOfTheStorageServer(Participant participant) {
        // Given
        Service service = COMPOSE.service(participant.serviceName());
        Service storage = COMPOSE.service("seaweedfs");

        // Then
        assertThat(service.environment())
                .containsEntry("VAULTFERRY_STAGING_STORE", "s3")
                .containsEntry("VAULTFERRY_STAGING_S3_ENDPOINT", "http://" + storage.name() + ":" + s3PortOf(storage))
                .containsEntry("VAULTFERRY_STAGING_S3_CREATE_BUCKET", "true")
                .containsKey("VAULTFERRY_STAGING_S3_BUCKET");
        assertThat(service.source("VAULTFERRY_STAGING_S3_ACCESS_KEY"))
                .isPresent()
                .isEqualTo(storage.source("AWS_ACCESS_KEY_ID"));
        assertThat(service.source("VAULTFERRY_STAGING_S3_SECRET_KEY"))
                .isPresent()
                .isEqualTo(storage.source("AWS_SECRET_ACCESS_KEY"));
        assertThat(service.tree().at("/depends_on/seaweedfs/condition").asText())
                .isEqualTo("service_healthy");
        assertThat(service.mounts())
                .as("nothing is shared but the bucket")
                .noneMatch(mount -> mount.contains("staging"));
    }

    @Test
    void theStorageServerIsReachedByItsS3PortOnlyAndKeepsItsData() {
        // Given
        Service storage = COMPOSE.service("seaweedfs");
        List<String> command = storage.tree()
                .path("command")
                .valueStream()
                .map(JsonNode::asText)
                .toList();

        // Then
        assertThat(storage.ports()).isEmpty();
        assertThat(command).contains("server", "-s3", "-ip.bind=127.0.0.1", "-s3.ip.bind=0.0.0.0");
        assertThat(storage.mounts()).containsExactly("/data");
        assertThat(storage.tree().at("/healthcheck/test").toString()).contains(":" + s3PortOf(storage) + "/");
    }

    @Test
    void nothingIsSilentlyEmpty() {
        assertThat(COMPOSE.silentlyEmpty()).isEmpty();
    }

    /** The checks above find what they are for. */
    @Nested
    class Mistakes {

        @Test
        void anUnknownMemberViolatesTheSpecification() throws IOException {
            assertThat(violationsOf(altered("restart: unless-stopped", "restarts: unless-stopped")))
                    .isNotEmpty();
        }

        @Test
        void aWrongTypeViolatesTheSpecification() throws IOException {
            assertThat(violationsOf(altered("read_only: true", "read_only: [1]")))
                    .isNotEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "orchestrator-service, VAULTFERRY_ADMIN_KEY_SHA265",
            "orchestrator-service, VAULTFERRY_INTERNAL_TOKEN_EXPORT",
            "orchestrator-service, VAULTFERRY_ORCHESTRATOR_URL",
            "export-service, VAULTFERRY_STAGING_DIR",
            "export-service, VAULTFERRY_STAGING_S3_BUCKETS",
            "export-service, VAULTFERRY_INTERNAL_TOKENS_EXPORT",
            "import-service, QUARKUS_DATASOURCE_URL",
            "identity-service, VAULTFERRY_CUSTODY_DIRECTORY",
            "attachment-service, KAFKA_BOOTSTRAP_SERVER"
        })
        void aVariableThatNobodyReadsIsNoticed(String service, String variable) {
            assertThat(ServiceConfiguration.of(REPOSITORY, service).reads(variable))
                    .isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "orchestrator-service, VAULTFERRY_ADMIN_KEY_SHA256",
            "orchestrator-service, VAULTFERRY_SAGA_STEP_DEADLINE",
            "orchestrator-service, VAULTFERRY_INTERNAL_TOKENS_EXPORT",
            "export-service, VAULTFERRY_OUTBOUND_CA_FILE",
            "export-service, VAULTFERRY_STAGING_DIRECTORY",
            "identity-service, VAULTFERRY_STAGING_S3_PATH_STYLE",
            "import-service, VAULTFERRY_JOBS_WORKERS",
            "attachment-service, VAULTFERRY_TRANSFER_CONCURRENCY"
        })
        void aVariableThatIsReadIsFound(String service, String variable) {
            assertThat(ServiceConfiguration.of(REPOSITORY, service).reads(variable))
                    .isTrue();
        }

        private ComposeFile altered(String before, String after) {
            String text = REPOSITORY.text("docker-compose.yml");
            assertThat(text).contains(before);
            return new ComposeFile(Repository.yamlOf(text.replace(before, after)));
        }
    }

    private static List<Error> violationsOf(ComposeFile compose) throws IOException {
        try (InputStream schema = ComposeFileTest.class.getResourceAsStream("compose-spec.json")) {
            // The schema names itself by a relative address.
            Schema specification = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(SchemaLocation.of("classpath:compose/schema"), schema, InputFormat.JSON);
            return specification.validate(compose.tree());
        }
    }

    private static String portOf(Participant participant) {
        return COMPOSE.service(participant.serviceName()).environment().get("QUARKUS_HTTP_PORT");
    }

    private static String s3PortOf(Service storage) {
        return storage.tree()
                .path("command")
                .valueStream()
                .map(JsonNode::asText)
                .filter(argument -> argument.startsWith("-s3.port="))
                .map(argument -> argument.substring("-s3.port=".length()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> prometheusTargets() {
        List<String> targets = new ArrayList<>();
        for (JsonNode job : REPOSITORY.yaml("deploy/prometheus/prometheus.yml").path("scrape_configs")) {
            assertThat(job.path("metrics_path").asText()).isEqualTo("/q/metrics");
            job.path("static_configs")
                    .forEach(group -> group.path("targets").forEach(target -> targets.add(target.asText())));
            job.path("dns_sd_configs")
                    .forEach(lookup -> lookup.path("names")
                            .forEach(name -> targets.add(
                                    name.asText() + ":" + lookup.path("port").asText())));
        }
        return targets;
    }

    private static Set<String> keysOf(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        object.properties().stream().map(Map.Entry::getKey).forEach(keys::add);
        return keys;
    }
}
