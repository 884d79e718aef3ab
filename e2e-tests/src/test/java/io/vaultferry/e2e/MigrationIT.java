package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.contracts.Step;
import io.vaultferry.launcher.demo.MigrationApi;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.system.VaultferrySystem;
import io.vaultferry.sandbox.DecryptedOrganization;
import io.vaultferry.sandbox.OfficialClient;
import io.vaultferry.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves the recorded organization between two sandboxes through five real service processes, Kafka and PostgreSQL, and reads
 * the target back with the official client. The methods build on one another: the last looks for secrets in what the others
 * and {@link DashboardIT} left behind.
 */
@ExtendWith(RunningSystem.Extension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationIT {

    private static final String OWNER = RunningSystem.OWNER;
    private static final String MASTER_PASSWORD = RunningSystem.MASTER_PASSWORD;
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final Path OFFICIAL_CLIENT = Path.of("target", "bw");

    @TempDir
    private static Path directory;

    private static RunningSystem running;
    private static Sandbox target;
    private static VaultferrySystem system;
    private static MigrationApi api;
    private static Connection sourceConnection;
    private static Connection targetConnection;

    @BeforeAll
    static void start(RunningSystem given) {
        running = given;
        target = running.target();
        system = running.vaultferry();
        api = new MigrationApi(system.url(), system.adminKey());
        sourceConnection = api.connect("Source", running.source().baseUrl(), OWNER, MASTER_PASSWORD);
        targetConnection = api.connect("Target", target.baseUrl(), OWNER, MASTER_PASSWORD);
    }

    @Test
    @Order(1)
    void everythingArrives() {
        // When
        String id = migrate("Moved");
        Migration ended = follow(id, new EnumMap<>(Step.class));

        // Then
        assertThat(ended.status()).startsWith("COMPLETED");
        Report report = api.report(id);
        assertThat(report.differences()).isZero();
        assertThat(report.complete()).isTrue();
    }

    @Test
    @Order(2)
    void everythingArrivesOnceThoughEachServiceIsKilledInTheMiddleOfItsWork() {
        // Given
        Map<Step, String> toKill = new EnumMap<>(Map.of(
                Step.EXPORT_VAULT, "export-service",
                Step.IMPORT_COLLECTIONS, "orchestrator-service",
                Step.PROVISION_GROUPS, "identity-service",
                Step.IMPORT_ITEMS, "import-service",
                Step.TRANSFER_ATTACHMENTS, "attachment-service"));

        // When
        String id = migrate("Moved though killed");
        Migration ended = follow(id, toKill);

        // Then
        assertThat(toKill).as("services that were not met at work").isEmpty();
        assertThat(ended.status()).startsWith("COMPLETED");
        assertThat(api.report(id).differences()).isZero();
        assertThat(api.report(id).complete()).isTrue();
        assertThatTheTargetHoldsTheRecordedOrganization("Moved though killed");
    }

    @Test
    @Order(3)
    void noSecretOfTheOrganizationIsInAnyLogTopicTableOrStagedFile() throws IOException {
        // Given
        String known = sourceConnection.id();
        running.stop();
        Path data = running.data();
        SecretSearch secrets = running.secrets();

        // When
        List<String> finds = secrets.findIn(data);

        // Then
        assertThat(secrets.size())
                .isGreaterThan(100)
                .isGreaterThan(SecretSearch.forTheRecordedOrganization().size() - 10);
        assertThat(new SecretSearch().addText("something that is there", known).findIn(data))
                .as("the search finds what is there")
                .isNotEmpty();
        assertThat(finds).isEmpty();
        assertThat(data.resolve("kafka")).isNotEmptyDirectory();
        assertThat(Files.size(data.resolve("logs").resolve("import-service.log")))
                .isPositive();
    }

    private static String migrate(String newName) {
        return api.migrate(
                sourceConnection, sourceConnection.organizations().getFirst(), targetConnection, newName, OWNER);
    }

    /**
     * Waits for the end, and kills services on the way, each while it works on a step.
     *
     * @param toKill service by step; whoever was killed is taken out
     */
    private static Migration follow(String id, Map<Step, String> toKill) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(15))
                .ignoreExceptions()
                .until(
                        () -> {
                            Migration now = api.migration(id);
                            now.steps().stream()
                                    .filter(step -> step.status().equals("RUNNING"))
                                    .map(step -> toKill.remove(Step.valueOf(step.step())))
                                    .filter(service -> service != null)
                                    .forEach(service ->
                                            system.service(service).process().destroyForcibly());
                            return now;
                        },
                        now -> switch (now.status()) {
                            case "COMPLETED", "COMPLETED_WITH_EXCEPTIONS", "COMPENSATED", "STUCK", "WAITING" -> true;
                            default -> false;
                        });
    }

    private static void assertThatTheTargetHoldsTheRecordedOrganization(String name) {
        Optional<String> reason = OfficialClient.whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "Skipped: the official client was not run, because " + reason.get());
        OfficialClient.install(OFFICIAL_CLIENT);
        OfficialClient client = new OfficialClient(
                OFFICIAL_CLIENT, directory.resolve(name), target.caFile().orElseThrow());
        client.useServer(target.baseUrl());
        client.logIn(OWNER, MASTER_PASSWORD);
        Connection fresh = api.connect("Target again", target.baseUrl(), OWNER, MASTER_PASSWORD);
        String organization = fresh.organizations().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
        try (OfficialClient.Serving serving = client.serve()) {
            DecryptedOrganization read = DecryptedOrganization.readBy(serving, organization);
            DecryptedOrganization recorded = DecryptedOrganization.recorded();
            assertThat(read.items()).containsExactlyElementsOf(recorded.items());
            assertThat(read.collections()).containsExactlyElementsOf(recorded.collections());
            assertThat(read.members()).containsExactlyElementsOf(recorded.members());

            Map<String, String> collectionNames = new HashMap<>();
            serving.collections(organization)
                    .forEach(collection -> collectionNames.put(
                            collection.get("id").textValue(),
                            collection.get("name").textValue()));
            OrganizationAsStored stored = OrganizationAsStored.readFrom(
                    target.baseUrl(),
                    target.caFile().orElseThrow(),
                    OWNER,
                    masterPasswordHash(),
                    organization,
                    collectionNames);
            OrganizationAsStored expected = OrganizationAsStored.recorded();
            assertThat(stored.groups()).containsExactlyElementsOf(expected.groups());
            assertThat(stored.members()).containsExactlyElementsOf(expected.members());
            assertThat(stored.policies()).containsExactlyElementsOf(expected.policies());
        }
    }

    private static String masterPasswordHash() {
        try (InputStream in = MigrationIT.class.getResourceAsStream("/io/vaultferry/sandbox/recorded/stored.json")) {
            for (JsonNode account : new ObjectMapper().readTree(in).get("accounts")) {
                if (account.get("email").textValue().equals(OWNER)) {
                    return account.get("masterPasswordHash").textValue();
                }
            }
            throw new AssertionError("the owner is not among the recorded accounts");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
