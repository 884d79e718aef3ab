package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.launcher.demo.MigrationApi;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.Narrator;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import io.vaultferry.staging.s3.BucketServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves the recorded organization through five real service processes that share a bucket and no directory. */
class StagingInS3IT {

    private static final String OWNER = "owner@acme.example.test";
    private static final String MASTER_PASSWORD = "correct horse battery staple 9";
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    private Path directory;

    @Test
    void everythingArrivesAndTheBucketIsEmptyAfterwards() throws IOException {
        Path tls = directory.resolve("tls");
        Narrator narrator = System.out::println;
        try (BucketServer bucket = BucketServer.start();
                Sandbox source = sandbox(tls, Seed.recorded());
                Sandbox target = sandbox(tls, Seed.recordedAccountsOnly());
                VaultferrySystem system = VaultferrySystem.start(
                        SystemSettings.forTests()
                                .withLocalServers(source.caFile().orElseThrow())
                                .withServicesToldOf(configurationFor(bucket)),
                        DataDirectory.claim(directory.resolve("data")),
                        narrator)) {
            // Given
            MigrationApi api = new MigrationApi(system.url(), system.adminKey());
            Connection from = api.connect("Source", source.baseUrl(), OWNER, MASTER_PASSWORD);
            Connection to = api.connect("Target", target.baseUrl(), OWNER, MASTER_PASSWORD);
            Set<String> seen = new TreeSet<>();

            // When
            String id = api.migrate(from, from.organizations().getFirst(), to, "Moved", OWNER);
            Migration ended = follow(api, id, bucket, seen);

            // Then
            assertThat(ended.status()).startsWith("COMPLETED");
            assertThat(api.report(id).differences()).isZero();
            assertThat(api.report(id).complete()).isTrue();
            assertThat(documentsIn(seen)).contains("snapshot", "outcomes");
            assertThat(bucket.keys()).isEmpty();
            assertThat(directory.resolve("data").resolve("staging")).isEmptyDirectory();
            assertThatNoLogNamesTheKey(bucket);
        }
    }

    /** Looks into the bucket on the way. */
    private static Migration follow(MigrationApi api, String id, BucketServer bucket, Set<String> seen) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(
                        () -> {
                            seen.addAll(bucket.keys());
                            return api.migration(id);
                        },
                        now -> switch (now.status()) {
                            case "COMPLETED", "COMPLETED_WITH_EXCEPTIONS", "COMPENSATED", "STUCK", "WAITING" -> true;
                            default -> false;
                        });
    }

    private static Set<String> documentsIn(Set<String> keys) {
        return keys.stream()
                .map(key -> key.replaceAll(".*/(.*)-[0-9a-f]{32}", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void assertThatNoLogNamesTheKey(BucketServer bucket) throws IOException {
        try (Stream<Path> logs = Files.list(directory.resolve("data").resolve("logs"))) {
            assertThat(logs.filter(log -> log.toString().endsWith("-service.log")))
                    .hasSize(5)
                    .allSatisfy(log ->
                            assertThat(Files.readString(log)).doesNotContain(bucket.accessKey(), bucket.secretKey()));
        }
    }

    private static Map<String, String> configurationFor(BucketServer bucket) {
        return Map.of(
                "vaultferry.staging.store", "s3",
                "vaultferry.staging.s3.endpoint", bucket.endpoint().toString(),
                "vaultferry.staging.s3.bucket", BucketServer.BUCKET,
                "vaultferry.staging.s3.access-key", bucket.accessKey(),
                "vaultferry.staging.s3.secret-key", bucket.secretKey());
    }

    private static Sandbox sandbox(Path tls, Seed seed) {
        return Sandbox.start(
                SandboxConfig.builder().tlsDirectory(tls).seed(seed).build());
    }
}
