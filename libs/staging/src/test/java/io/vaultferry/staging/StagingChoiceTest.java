package io.vaultferry.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.staging.s3.BucketServer;
import io.vaultferry.staging.s3.S3Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagingChoiceTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryIsWhatIsChosenWhenNothingIsSaid() throws IOException {
        // When
        ClaimCheckStore store = storeOf(Map.of("vaultferry.staging.directory", directory.toString()));

        // Then
        assertThat(store).isInstanceOf(DirectoryStore.class);
        ClaimCheck check = store.put(MigrationId.make(), "snapshot", out -> out.write(1));
        assertThat(directory.resolve(check.location())).exists();
    }

    @Test
    void aBucketIsReachedAsConfigured() throws IOException {
        try (BucketServer server = BucketServer.start()) {
            // When
            ClaimCheckStore store = storeOf(Map.of(
                    "vaultferry.staging.store",
                    "s3",
                    "vaultferry.staging.s3.endpoint",
                    server.endpoint().toString(),
                    "vaultferry.staging.s3.bucket",
                    BucketServer.BUCKET,
                    "vaultferry.staging.s3.prefix",
                    "vaultferry/",
                    "vaultferry.staging.s3.access-key",
                    server.accessKey(),
                    "vaultferry.staging.s3.secret-key",
                    server.secretKey()));

            // Then
            try (S3Store bucket = (S3Store) store) {
                ClaimCheck check = bucket.put(MigrationId.make(), "snapshot", out -> out.write(1));
                try (InputStream in = bucket.get(check)) {
                    assertThat(in.readAllBytes()).containsExactly(1);
                }
                assertThat(server.keys()).containsExactly("vaultferry/" + check.location());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            vaultferry.staging.store,         s3,               vaultferry.staging.s3.bucket is missing
            vaultferry.staging.s3.bucket,     Not A Bucket,     vaultferry.staging.s3.bucket: not the name of a bucket
            vaultferry.staging.s3.prefix,     no-slash,         vaultferry.staging.s3.prefix: not a prefix
            vaultferry.staging.s3.prefix,     /slash/,          vaultferry.staging.s3.prefix: not a prefix
            vaultferry.staging.s3.endpoint,   ftp://host,       vaultferry.staging.s3.endpoint: not an address
            vaultferry.staging.s3.endpoint,   https://u:p@host, vaultferry.staging.s3.endpoint: not an address
            vaultferry.staging.s3.endpoint,   '',               vaultferry.staging.s3.region is missing
            vaultferry.staging.s3.access-key, public,           vaultferry.staging.s3.secret-key is missing
            vaultferry.staging.s3.secret-key, private,          vaultferry.staging.s3.access-key is missing
            vaultferry.staging.s3.ca-file,    /does/not/exist,  vaultferry.staging.s3.ca-file: the file of authorities cannot be read
            """)
    void whatIsMissingOrWrongIsNamed(String property, String value, String message) {
        // Given
        Map<String, String> properties = new HashMap<>(Map.of("vaultferry.staging.store", "s3"));
        if (property.startsWith("vaultferry.staging.s3.")) {
            properties.put("vaultferry.staging.s3.bucket", "a-bucket");
            properties.put("vaultferry.staging.s3.endpoint", "https://s3.example.test");
        }
        properties.put(property, value);

        // Then
        assertThatThrownBy(() -> storeOf(properties))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThatThrownBy(() -> storeOf(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("vaultferry.staging.directory is missing, and is needed because vaultferry.staging.store is"
                        + " \"directory\"");
    }

    @Test
    void anUnknownKindOfStoreIsRefused() {
        assertThatThrownBy(() -> storeOf(Map.of("vaultferry.staging.store", "tape")))
                .hasMessageContaining("vaultferry.staging.store");
    }

    @Test
    void aServiceIsReadyWhenItCouldWriteOnceAndWellWhileItCan() throws IOException {
        // Given
        DirectoryStore store = DirectoryStore.at(directory.resolve("staging"));
        StagingReadiness readiness = new StagingReadiness(store);
        Files.delete(directory.resolve("staging"));

        // When
        Status before = readiness.call().getStatus();
        Optional<Map<String, Object>> reason = readiness.call().getData();
        Files.createDirectory(directory.resolve("staging"));
        Status there = readiness.call().getStatus();
        Status well = new StagingWellness(store).call().getStatus();
        Files.delete(directory.resolve("staging"));

        // Then
        assertThat(before).isEqualTo(Status.DOWN);
        assertThat(reason)
                .hasValueSatisfying(
                        data -> assertThat(data).containsEntry("reason", "the staging directory cannot be written"));
        assertThat(there).isEqualTo(Status.UP);
        assertThat(well).isEqualTo(Status.UP);
        assertThat(readiness.call().getStatus())
                .as("the dashboard has to be reachable when the store is away")
                .isEqualTo(Status.UP);
        assertThat(new StagingWellness(store).call().getStatus()).isEqualTo(Status.DOWN);
    }

    private static ClaimCheckStore storeOf(Map<String, String> properties) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(StagingSettings.class)
                .withMapping(BucketSettings.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        return StagingChoice.storeOf(
                config.getConfigMapping(StagingSettings.class), config.getConfigMapping(BucketSettings.class));
    }
}
