package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.Participant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell scripts of a deployment, run without a container engine. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a POSIX shell")
class DeploymentScriptsTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final int SHORTEST_TOKEN = 32;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ferry",
                "mvnw",
                "deploy/make-secrets.sh",
                "deploy/postgres/create-databases.sh",
                "deploy/kubernetes/make-secrets.sh"
            })
    void scriptsAreReadableByAPosixShellAndExecutable(String script) throws Exception {
        assertThat(run(directory, Map.of(), "sh", "-n", REPOSITORY.path(script).toString()))
                .isEqualTo(new Ended(0, ""));
        assertThat(REPOSITORY.path(script)).isExecutable();
    }

    @Nested
    class MakingSecrets {

        @Test
        void makesWhatTheComposeFileDemandsAndNothingElse() throws Exception {
            // Given
            ComposeFile compose = new ComposeFile(REPOSITORY.yaml("docker-compose.yml"));

            // When
            Map<String, String> made = makeSecrets();

            // Then
            assertThat(made.keySet()).isEqualTo(compose.demanded());
            assertThat(made.keySet()).doesNotContainAnyElementsOf(compose.optional());
        }

        @Test
        void everySecretIsLongAndDifferent() throws Exception {
            // When
            Map<String, String> made = makeSecrets();
            List<String> secrets = made.entrySet().stream()
                    .filter(entry -> entry.getKey().matches(".*(_TOKEN|PASSWORD|STAGING_.*_KEY)"))
                    .map(Map.Entry::getValue)
                    .toList();

            // Then
            assertThat(secrets).hasSize(2 * Participant.values().length + 3).doesNotHaveDuplicates();
            assertThat(secrets)
                    .allSatisfy(secret -> assertThat(secret)
                            .hasSizeGreaterThanOrEqualTo(SHORTEST_TOKEN)
                            .matches("[A-Za-z0-9_-]+"));
        }

        @Test
        void theAdminKeyFitsTheHashAndTheKeyEncryptionKeyIsOne() throws Exception {
            // When
            Map<String, String> made = makeSecrets();

            // Then
            assertThat(made).containsEntry("VAULTFERRY_ADMIN_KEY_SHA256", sha256(secret("admin.key")));
            assertThat(Base64.getDecoder().decode(secret("key-encryption-key"))).hasSize(32);
        }

        @Test
        void nobodyElseOnTheHostReachesThem() throws Exception {
            // When
            makeSecrets();

            // Then
            assertThat(permissions(".env")).isEqualTo("rw-------");
            assertThat(permissions("deploy/secrets")).isEqualTo("rwx------");
            assertThat(permissions("deploy/secrets/admin.key")).isEqualTo("rw-------");
            // Read by the container's user through its group; on the host the directory keeps others away.
            assertThat(permissions("deploy/secrets/key-encryption-key")).isEqualTo("rw-r-----");
        }

        @Test
        void overwritesNothing() throws Exception {
            // Given
            Map<String, String> made = makeSecrets();

            // When
            Ended second = runMakeSecrets();

            // Then
            assertThat(second.code()).isNotZero();
            assertThat(second.output()).contains("exists already");
            assertThat(environment()).isEqualTo(made);
        }

        @Test
        void aNewEnvironmentFileIsNotMadeForAnOldKey() throws Exception {
            // Given
            makeSecrets();
            String key = secret("key-encryption-key");
            Files.delete(directory.resolve(".env"));

            // When
            Ended second = runMakeSecrets();

            // Then
            assertThat(second.code()).isNotZero();
            assertThat(secret("key-encryption-key")).isEqualTo(key);
            assertThat(directory.resolve(".env")).doesNotExist();
        }

        private Map<String, String> makeSecrets() throws Exception {
            Ended ended = runMakeSecrets();
            assertThat(ended.code()).as(ended.output()).isZero();
            Map<String, String> made = environment();
            assertThat(made.values()).allSatisfy(value -> assertThat(value).isNotBlank());
            assertThat(made.values())
                    .noneSatisfy(value -> assertThat(ended.output()).contains(value));
            return made;
        }

        private Ended runMakeSecrets() throws Exception {
            Path script = Files.createDirectories(directory.resolve("deploy")).resolve("make-secrets.sh");
            Files.writeString(script, REPOSITORY.text("deploy/make-secrets.sh"));
            return run(directory, Map.of(), "sh", script.toString());
        }

        private Map<String, String> environment() {
            Map<String, String> environment = new TreeMap<>();
            Repository.read(directory.resolve(".env"))
                    .lines()
                    .forEach(line -> environment.put(
                            line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
            return environment;
        }

        private String secret(String name) {
            return Repository.read(directory.resolve("deploy/secrets").resolve(name));
        }

        private String permissions(String file) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
        }
    }

    @Test
    void everyServiceGetsADatabaseOfItsOwn() throws Exception {
        // Given
        Path psql = directory.resolve("psql");
        Files.writeString(psql, """
                #!/bin/sh
                printf '%s ' "$@" >> calls
                tr '\\n' ' ' >> calls
                echo >> calls
                """);
        assertThat(psql.toFile().setExecutable(true)).isTrue();
        Map<String, String> passwords = new TreeMap<>();
        Set<String> expected = new TreeSet<>();
        for (Participant participant : Participant.values()) {
            String name = participant.name().toLowerCase(Locale.ROOT);
            passwords.put(participant.name() + "_DB_PASSWORD", "of $" + name);
            expected.add("-v ON_ERROR_STOP=1 -v role=" + name + " -v password=of $" + name + " --username postgres"
                    + " CREATE ROLE :\"role\" LOGIN PASSWORD :'password';"
                    + " CREATE DATABASE :\"role\" OWNER :\"role\";"
                    + " REVOKE ALL ON DATABASE :\"role\" FROM PUBLIC;");
        }
        passwords.put("PATH", directory + ":" + System.getenv("PATH"));

        // When
        Ended ended = run(
                directory,
                passwords,
                "sh",
                REPOSITORY.path("deploy/postgres/create-databases.sh").toString());

        // Then
        assertThat(ended).isEqualTo(new Ended(0, ""));
        assertThat(Repository.read(directory.resolve("calls")).lines().map(String::strip))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aMissingPasswordEndsTheCreationOfDatabases() throws Exception {
        assertThat(run(
                                directory,
                                Map.of(),
                                "sh",
                                REPOSITORY
                                        .path("deploy/postgres/create-databases.sh")
                                        .toString())
                        .code())
                .isNotZero();
    }

    private record Ended(int code, String output) {}

    private static Ended run(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Repository.read(output));
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
