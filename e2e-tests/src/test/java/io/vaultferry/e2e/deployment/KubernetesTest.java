package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Topics;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Kubernetes manifests against each other and against the services that they run. No cluster is asked. */
class KubernetesTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final String KUBERNETES = "deploy/kubernetes";
    private static final String EXAMPLE = KUBERNETES + "/overlays/example";
    private static final Kustomization BASE = Kustomization.in(REPOSITORY, KUBERNETES + "/base");
    private static final Kustomization OVERLAY = Kustomization.in(REPOSITORY, EXAMPLE);
    private static final Pattern DEFAULT = Pattern.compile("@WithDefault\\(\"(\\d+)\"\\)\\s+int (\\w+)\\(\\)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/example"})
    void everyManifestIsNamedAndEveryNameIsAManifest(String folder) {
        // Given
        String path = KUBERNETES + "/" + folder;

        // When
        Set<String> there = REPOSITORY.files(path, name -> name.endsWith(".yaml")).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals("kustomization.yaml"))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(Kustomization.in(REPOSITORY, path).files()).isNotEmpty().isEqualTo(there);
    }

    @Test
    void everyObjectHasANameOfItsOwn() {
        List<String> names = Stream.concat(BASE.objects().stream(), OVERLAY.objects().stream())
                .map(object -> object.path("apiVersion").asText() + "/"
                        + object.path("kind").asText() + "/" + Kustomization.nameOf(object))
                .toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("[a-z0-9./]+/[A-Za-z]+/[a-z0-9-]+"));
        assertThat(BASE.ofKind("Deployment"))
                .extracting(Kustomization::nameOf)
                .containsExactlyInAnyOrderElementsOf(services());
    }

    @Test
    void everyImageIsBuiltHereAndRenamedByTheOverlay() {
        // Given
        Set<String> images = new TreeSet<>();
        BASE.ofKind("Deployment")
                .forEach(deployment ->
                        images.add(containerOf(deployment).path("image").asText()));

        // Then
        assertThat(images)
                .isEqualTo(services().stream()
                        .map(service -> "vaultferry/" + service)
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(OVERLAY.tree()
                        .path("images")
                        .valueStream()
                        .map(image -> image.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(images);
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableIsReadAndEverythingWithoutADefaultIsSet(Participant participant) throws Exception {
        // Given
        ServiceConfiguration configuration = ServiceConfiguration.of(REPOSITORY, participant.serviceName());
        Set<String> set = new TreeSet<>(environmentOf(participant).keySet());
        set.addAll(secretsOf(participant).keySet());
        set.addAll(readEnvironment(directory.resolve("secrets"), "staging").keySet());

        // When
        Set<String> unread = new TreeSet<>(set);
        unread.removeIf(configuration::reads);

        // Then
        assertThat(unread).isEmpty();
        assertThat(configuration.requiredVariables()).isNotEmpty();
        assertThat(set)
                .containsAll(configuration.requiredVariables())
                .contains(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "QUARKUS_HTTP_HOST",
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "QUARKUS_DATASOURCE_USERNAME",
                        "QUARKUS_DATASOURCE_PASSWORD");
    }

    @Test
    void theOverlayChangesOnlyWhatTheBaseHas() {
        for (JsonNode generator : OVERLAY.tree().path("configMapGenerator")) {
            String name = generator.path("name").asText();
            assertThat(generator.path("behavior").asText()).isEqualTo("merge");
            assertThat(BASE.configMap(name).keySet())
                    .containsAll(OVERLAY.configMap(name).keySet());
        }
        for (JsonNode patch : OVERLAY.tree().path("patches")) {
            assertThat(BASE.object(
                            patch.at("/target/kind").asText(),
                            patch.at("/target/name").asText()))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceListensWhereOthersLookForIt(Participant participant) {
        // Given
        String name = participant.serviceName();
        Map<String, String> environment = environmentOf(participant);
        int port = Integer.parseInt(environment.get("QUARKUS_HTTP_PORT"));
        JsonNode container = containerOf(BASE.object("Deployment", name));
        JsonNode service = BASE.object("Service", name);

        // Then
        ServiceConfiguration.of(REPOSITORY, name)
                .value("quarkus.http.port")
                .ifPresent(ownPort -> assertThat(ownPort).isEqualTo(Integer.toString(port)));
        assertThat(environment).containsEntry("QUARKUS_HTTP_HOST", "0.0.0.0");
        assertThat(container.path("ports")).hasSize(1);
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
        assertThat(service.path("spec").path("ports")).hasSize(1);
        assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(port);
        assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(container.at("/ports/0/name"));
        if (participant != Participant.ORCHESTRATOR) {
            assertThat(environment)
                    .containsEntry(
                            "VAULTFERRY_ORCHESTRATOR_URL",
                            "http://orchestrator-service:"
                                    + environmentOf(Participant.ORCHESTRATOR).get("QUARKUS_HTTP_PORT"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceHasItsOwnDatabase(Participant participant) {
        // Given
        String role = participant.name().toLowerCase(Locale.ROOT);

        // Then
        assertThat(environmentOf(participant)).containsEntry("QUARKUS_DATASOURCE_USERNAME", role);
        assertThat(environmentOf(participant).get("QUARKUS_DATASOURCE_JDBC_URL"))
                .endsWith(":5432/" + role);
    }

    @ParameterizedTest
    @EnumSource
    void selectorsFindTheirPods(Participant participant) {
        // Given
        String name = participant.serviceName();
        JsonNode deployment = BASE.object("Deployment", name);

        // Then
        assertThat(podsThatMatch(deployment.at("/spec/selector"))).containsExactly(name);
        assertThat(podsWith(BASE.object("Service", name).at("/spec/selector"))).containsExactly(name);
    }

    @ParameterizedTest
    @EnumSource
    void podsHaveNoRightsThatTheyDoNotNeed(Participant participant) {
        // Given
        JsonNode pod = BASE.object("Deployment", participant.serviceName()).at("/spec/template/spec");
        JsonNode own = containerOf(BASE.object("Deployment", participant.serviceName()))
                .path("securityContext");

        // Then
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(REPOSITORY.text("deploy/docker/Dockerfile"))
                .contains("--uid " + pod.at("/securityContext/runAsUser").asInt() + " ");
        assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(own.at("/capabilities/drop").valueStream().map(JsonNode::asText))
                .containsExactly("ALL");
        assertThat(own.at("/capabilities/add").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void podsAreProbedAndLimited(Participant participant) {
        // Given
        JsonNode container = containerOf(BASE.object("Deployment", participant.serviceName()));
        Map<String, String> probes =
                Map.of("startupProbe", "started", "livenessProbe", "live", "readinessProbe", "ready");
        String health = ServiceConfiguration.of(REPOSITORY, participant.serviceName())
                .value("quarkus.smallrye-health.root-path")
                .orElseThrow();

        // Then
        probes.forEach((probe, path) -> {
            assertThat(container.path(probe).at("/httpGet/path").asText()).isEqualTo(health + "/" + path);
            assertThat(container.path(probe).at("/httpGet/port")).isEqualTo(container.at("/ports/0/name"));
        });
        for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
            assertThat(container.at("/resources/requests/" + resource).asText()).isNotBlank();
            assertThat(container.at("/resources/limits/" + resource).asText()).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDirectoryAndFileIsOnAVolume(Participant participant) {
        // Given
        JsonNode pod = BASE.object("Deployment", participant.serviceName()).at("/spec/template/spec");
        Map<String, String> mounts = new TreeMap<>();
        containerOf(BASE.object("Deployment", participant.serviceName()))
                .path("volumeMounts")
                .forEach(mount -> mounts.put(
                        mount.path("mountPath").asText(), mount.path("name").asText()));
        Set<String> claims = BASE.ofKind("PersistentVolumeClaim").stream()
                .map(Kustomization::nameOf)
                .collect(Collectors.toSet());

        // Then
        environmentOf(participant).forEach((variable, value) -> {
            if (variable.endsWith("_DIRECTORY")) {
                assertThat(mounts.keySet()).as(variable).contains(value);
            } else if (variable.endsWith("_FILE")) {
                Path file = Path.of(value);
                assertThat(mounts).as(variable).containsEntry(file.getParent().toString(), "key-encryption-key");
                assertThat(OVERLAY.secretFiles().get("key-encryption-key"))
                        .containsExactly("secrets/" + file.getFileName());
            }
        });
        assertThat(pod.path("volumes")
                        .valueStream()
                        .map(volume -> volume.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(mounts.values());
        assertThat(pod.path("volumes")
                        .valueStream()
                        .map(volume ->
                                volume.at("/persistentVolumeClaim/claimName").asText())
                        .filter(claim -> !claim.isEmpty()))
                .allSatisfy(claim -> assertThat(claims).contains(claim));
        assertThat(mounts.containsValue("custody")).isEqualTo(participant == Participant.ORCHESTRATOR);
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceStagesInTheSameBucketAndSharesNoVolume(Participant participant) {
        // Given
        JsonNode deployment = BASE.object("Deployment", participant.serviceName());

        // Then
        assertThat(environmentOf(participant))
                .containsEntry("VAULTFERRY_STAGING_STORE", "s3")
                .containsKeys("VAULTFERRY_STAGING_S3_BUCKET", "VAULTFERRY_STAGING_S3_REGION")
                .doesNotContainKey("VAULTFERRY_STAGING_DIRECTORY");
        assertThat(containerOf(deployment)
                        .path("envFrom")
                        .valueStream()
                        .map(source -> source.at("/secretRef/name").asText()))
                .contains("staging");
        assertThat(BASE.ofKind("PersistentVolumeClaim").stream()
                        .flatMap(claim -> claim.at("/spec/accessModes").valueStream())
                        .map(JsonNode::asText))
                .as("no volume that only few clusters have")
                .containsOnly("ReadWriteOnce");
        assertThat(OVERLAY.configMap("vaultferry").get("VAULTFERRY_STAGING_S3_ENDPOINT"))
                .as("443 of public addresses is what the policies let through")
                .startsWith("https://");
    }

    @Nested
    class Scaling {

        private final JsonNode scaledObject = BASE.object("ScaledObject", "attachment-service");
        private final JsonNode lag = scaledObject.at("/spec/triggers/0/metadata");

        @Test
        void followsTheLagOfTheGroupThatDoesTheWork() {
            assertThat(scaledObject.at("/spec/triggers")).hasSize(1);
            assertThat(scaledObject.at("/spec/triggers/0/type").asText()).isEqualTo("kafka");
            assertThat(lag.path("topic").asText()).isEqualTo(Topics.ATTACHMENT_WORK);
            assertThat(lag.path("consumerGroup").asText()).isEqualTo(Participant.ATTACHMENT.serviceName());
            assertThat(environmentOf(Participant.ATTACHMENT))
                    .containsKey(lag.path("bootstrapServersFromEnv").asText());
            assertThat(ServiceConfiguration.of(REPOSITORY, "attachment-service")
                            .value("mp.messaging.connector.smallrye-kafka.auto.offset.reset"))
                    .contains(lag.path("offsetResetPolicy").asText());
        }

        @Test
        void kedaTakesOnlyTextInATrigger() {
            assertThat(lag)
                    .isNotEmpty()
                    .allSatisfy(value -> assertThat(value.isTextual()).isTrue());
        }

        @Test
        void endsAtThePartitionsOfTheTopic() {
            // Given
            int partitions = defaultOf(
                    "orchestrator-service/src/main/java/io/vaultferry/orchestrator/topics/TopicCreation.java",
                    "workPartitions");

            // Then
            assertThat(scaledObject.at("/spec/maxReplicaCount").asInt()).isEqualTo(partitions);
            assertThat(scaledObject.at("/spec/minReplicaCount").asInt()).isEqualTo(1);
        }

        @Test
        void wantsOneMoreInstanceForTwiceWhatOneWorksOn() {
            // Given
            int concurrency = defaultOf(
                    "attachment-service/src/main/java/io/vaultferry/attachment/messaging/TransferSettings.java",
                    "concurrency");

            // Then
            assertThat(lag.path("lagThreshold").asInt()).isEqualTo(2 * concurrency);
        }

        @Test
        void isTheOnlyOneThatCountsAttachmentWorkers() {
            // Given
            JsonNode target = BASE.object(
                    "Deployment", scaledObject.at("/spec/scaleTargetRef/name").asText());

            // Then
            assertThat(Kustomization.nameOf(target)).isEqualTo("attachment-service");
            assertThat(target.at("/spec/replicas").isMissingNode()).isTrue();
            assertThat(BASE.ofKind("Deployment").stream().filter(deployment -> !deployment.equals(target)))
                    .allSatisfy(deployment ->
                            assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1));
        }

        @Test
        void onlyWhatThereIsMoreThanOneOfHasADisruptionBudget() {
            assertThat(BASE.ofKind("PodDisruptionBudget")).singleElement().satisfies(budget -> {
                assertThat(podsThatMatch(budget.at("/spec/selector"))).containsExactly("attachment-service");
                assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
            });
        }
    }

    @Nested
    class Network {

        @Test
        void nothingIsOpenByItself() {
            // Given
            JsonNode denial = BASE.object("NetworkPolicy", "deny-all").path("spec");

            // Then
            assertThat(podsThatMatch(denial.path("podSelector"))).containsExactlyInAnyOrderElementsOf(services());
            assertThat(denial.path("policyTypes").valueStream().map(JsonNode::asText))
                    .containsExactlyInAnyOrder("Ingress", "Egress");
            assertThat(denial.has("ingress") || denial.has("egress")).isFalse();
        }

        @Test
        void participantsReachKafkaPostgresTheOrchestratorAndTheInternet() {
            for (Participant participant : Participant.values()) {
                List<String> expected = new ArrayList<>(List.of(
                        "namespace kafka 9092",
                        "namespace postgres 5432",
                        "address 0.0.0.0/0 443",
                        "address ::/0 443"));
                expected.add("namespace kube-system 53");
                if (participant != Participant.ORCHESTRATOR) {
                    expected.add("pod orchestrator-service 8080");
                }
                assertThat(peers(BASE, participant.serviceName(), "egress", "to"))
                        .as(participant.serviceName())
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }

        @Test
        void onlyTheOrchestratorIsReachedAndOnlyByParticipants() {
            for (Participant participant : Participant.values()) {
                Set<String> reachedBy = peers(BASE, participant.serviceName(), "ingress", "from");
                if (participant == Participant.ORCHESTRATOR) {
                    assertThat(reachedBy)
                            .containsExactlyInAnyOrder(
                                    "pod export-service 8080",
                                    "pod import-service 8080",
                                    "pod identity-service 8080",
                                    "pod attachment-service 8080");
                } else {
                    assertThat(reachedBy).as(participant.serviceName()).isEmpty();
                }
            }
        }

        @Test
        void theOverlayAddsTheIngressAndPrometheusAndNothingElse() {
            for (Participant participant : Participant.values()) {
                assertThat(peers(OVERLAY, participant.serviceName(), "ingress", "from"))
                        .as(participant.serviceName())
                        .containsExactlyInAnyOrderElementsOf(
                                participant == Participant.ORCHESTRATOR
                                        ? List.of("namespace ingress-nginx 8080", "namespace monitoring http")
                                        : List.of("namespace monitoring http"));
                assertThat(peers(OVERLAY, participant.serviceName(), "egress", "to"))
                        .isEmpty();
            }
        }

        @Test
        void theInternetIsWithoutPrivateAddresses() {
            // Given
            JsonNode blocks = BASE.object("NetworkPolicy", "reach-internet").at("/spec/egress/0/to");

            // Then
            assertThat(blocks.at("/0/ipBlock/except").valueStream().map(JsonNode::asText))
                    .contains("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8");
            assertThat(blocks.at("/1/ipBlock/except").valueStream().map(JsonNode::asText))
                    .contains("::1/128", "fc00::/7", "fe80::/10");
        }

        @Test
        void portsAreThoseOfTheAddresses() {
            assertThat(BASE.configMap("vaultferry").get("KAFKA_BOOTSTRAP_SERVERS"))
                    .endsWith(".kafka.svc:9092");
            assertThat(OVERLAY.configMap("vaultferry").get("KAFKA_BOOTSTRAP_SERVERS"))
                    .endsWith(".kafka.svc:9092");
            for (Participant participant : Participant.values()) {
                assertThat(environmentOf(participant).get("QUARKUS_DATASOURCE_JDBC_URL"))
                        .contains(".postgres.svc:5432/");
            }
        }

        @Test
        void theIngressLeadsToTheApiOnly() {
            // Given
            JsonNode paths = OVERLAY.object("Ingress", "orchestrator-service").at("/spec/rules/0/http/paths");

            // Then
            assertThat(paths).hasSize(1);
            assertThat(paths.at("/0/path").asText()).isEqualTo("/api");
            assertThat(paths.at("/0/backend/service/port/name"))
                    .isEqualTo(BASE.object(
                                    "Service",
                                    paths.at("/0/backend/service/name").asText())
                            .at("/spec/ports/0/name"));
            assertThat(OVERLAY.object("Ingress", "orchestrator-service").at("/spec/tls"))
                    .isNotEmpty();
        }

        /** Who may talk to whom, as "kind name port". */
        private Set<String> peers(Kustomization manifests, String pod, String way, String end) {
            Set<String> peers = new TreeSet<>();
            for (JsonNode policy : manifests.ofKind("NetworkPolicy")) {
                assertThat(podsThatMatch(policy.at("/spec/podSelector")))
                        .as(Kustomization.nameOf(policy) + " selects somebody")
                        .isNotEmpty();
                if (!podsThatMatch(policy.at("/spec/podSelector")).contains(pod)) {
                    continue;
                }
                for (JsonNode rule : policy.path("spec").path(way)) {
                    assertThat(rule.path(end))
                            .as("a rule without peers is one for everybody")
                            .isNotEmpty();
                    assertThat(rule.path("ports"))
                            .as("a rule without ports is one for all")
                            .isNotEmpty();
                    for (JsonNode peer : rule.path(end)) {
                        for (JsonNode port : rule.path("ports")) {
                            namesOf(peer)
                                    .forEach(name -> peers.add(
                                            name + " " + port.path("port").asText()));
                        }
                    }
                }
            }
            return peers;
        }

        private List<String> namesOf(JsonNode peer) {
            if (peer.has("ipBlock")) {
                return List.of("address " + peer.at("/ipBlock/cidr").asText());
            }
            if (peer.has("namespaceSelector")) {
                return List.of("namespace "
                        + peer.path("namespaceSelector")
                                .path("matchLabels")
                                .path("kubernetes.io/metadata.name")
                                .asText());
            }
            return podsThatMatch(peer.path("podSelector")).stream()
                    .map(name -> "pod " + name)
                    .toList();
        }
    }

    @Nested
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for a POSIX shell")
    class Secrets {

        @Test
        void noneIsCommitted() {
            // Given
            List<Path> manifests = REPOSITORY.files(KUBERNETES, name -> name.endsWith(".yaml"));

            // Then
            assertThat(manifests)
                    .isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(Repository.read(file).lines()).doesNotContain("kind: Secret"));
            for (Kustomization kustomization : List.of(BASE, OVERLAY)) {
                kustomization
                        .tree()
                        .path("secretGenerator")
                        .forEach(generator ->
                                assertThat(generator.has("literals")).isFalse());
                kustomization
                        .tree()
                        .path("configMapGenerator")
                        .forEach(generator -> assertThat(kustomization
                                        .configMap(generator.path("name").asText())
                                        .keySet())
                                .noneMatch(key -> key.matches(".*(PASSWORD|TOKEN|SHA256|SECRET).*")));
            }
            assertThat(REPOSITORY.text(".gitignore").lines()).contains("deploy/kubernetes/overlays/*/secrets/");
        }

        @Test
        void everySecretThatIsReferredToIsGeneratedAndNoOther() {
            // Given
            Set<String> referred = new TreeSet<>();
            for (JsonNode deployment : BASE.ofKind("Deployment")) {
                containerOf(deployment)
                        .path("envFrom")
                        .forEach(source ->
                                referred.add(source.at("/secretRef/name").asText()));
                deployment
                        .at("/spec/template/spec/volumes")
                        .forEach(volume ->
                                referred.add(volume.at("/secret/secretName").asText()));
            }
            referred.remove("");

            // Then
            assertThat(OVERLAY.secretFiles().keySet()).isEqualTo(referred);
        }

        @Test
        void theScriptMakesTheFilesThatAreReadAndTheAdminKey() throws Exception {
            // When
            Path secrets = makeSecrets();

            // Then
            Set<String> read = OVERLAY.secretFiles().values().stream()
                    .flatMap(Set::stream)
                    .map(file -> file.substring("secrets/".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
            read.add("admin.key");
            try (Stream<Path> made = Files.list(secrets)) {
                assertThat(made.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(read);
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                    .isEqualTo("rwx------");
            for (String file : read) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve(file))))
                        .isEqualTo("rw-------");
            }
            assertThat(Base64.getDecoder().decode(Repository.read(secrets.resolve("key-encryption-key"))))
                    .hasSize(32);
        }

        @Test
        void everyServiceGetsItsOwnAndTheOrchestratorKnowsItsToken() throws Exception {
            // When
            Map<String, String> known = secretsOf(Participant.ORCHESTRATOR);
            List<String> all = new ArrayList<>(known.values());

            // Then
            Path secrets = directory.resolve("secrets");
            for (Participant participant : Participant.values()) {
                if (participant != Participant.ORCHESTRATOR) {
                    Map<String, String> own = readEnvironment(secrets, participant);
                    assertThat(own.keySet())
                            .containsExactlyInAnyOrder("QUARKUS_DATASOURCE_PASSWORD", "VAULTFERRY_INTERNAL_TOKEN");
                    assertThat(known)
                            .containsEntry(
                                    "VAULTFERRY_INTERNAL_TOKENS_" + participant.name(),
                                    own.get("VAULTFERRY_INTERNAL_TOKEN"));
                    all.add(own.get("QUARKUS_DATASOURCE_PASSWORD"));
                }
            }
            assertThat(all).hasSize(2 * Participant.values().length).doesNotHaveDuplicates();
            assertThat(all).allSatisfy(secret -> assertThat(secret).hasSizeGreaterThanOrEqualTo(32));
        }

        @Test
        void theKeyOfTheBucketIsTheOperatorsOrMissing() throws Exception {
            // When
            Map<String, String> without = readEnvironment(makeSecrets(), "staging");
            Path other = Files.createDirectory(directory.resolve("other"));
            int code = run(
                    "env",
                    "STAGING_ACCESS_KEY=public",
                    "STAGING_SECRET_KEY=private",
                    "sh",
                    REPOSITORY.path(KUBERNETES + "/make-secrets.sh").toString(),
                    other.toString());

            // Then
            assertThat(without)
                    .hasSize(2)
                    .allSatisfy((name, value) -> assertThat(value).isEmpty());
            assertThat(code).isZero();
            assertThat(readEnvironment(other.resolve("secrets"), "staging"))
                    .containsEntry("VAULTFERRY_STAGING_S3_ACCESS_KEY", "public")
                    .containsEntry("VAULTFERRY_STAGING_S3_SECRET_KEY", "private")
                    .hasSize(2);
        }

        @Test
        void theScriptOverwritesNothing() throws Exception {
            // Given
            Path secrets = makeSecrets();
            String key = Repository.read(secrets.resolve("key-encryption-key"));

            // When
            int code =
                    run("sh", REPOSITORY.path(KUBERNETES + "/make-secrets.sh").toString(), directory.toString());

            // Then
            assertThat(code).isNotZero();
            assertThat(Repository.read(secrets.resolve("key-encryption-key"))).isEqualTo(key);
        }
    }

    @Test
    void kustomizeRendersTheExample() throws Exception {
        // Given
        assumeTrue(kubectlIsInstalled(), "kubectl is not on the PATH");
        Path copy = directory.resolve("kubernetes");
        for (Path file : REPOSITORY.files(KUBERNETES, name -> name.endsWith(".yaml"))) {
            Path target =
                    copy.resolve(REPOSITORY.path(KUBERNETES).relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        Path example = copy.resolve("overlays/example");
        assertThat(run("sh", REPOSITORY.path(KUBERNETES + "/make-secrets.sh").toString(), example.toString()))
                .isZero();

        // When
        int code = run("kubectl", "kustomize", example.toString());

        // Then
        String rendered = Repository.read(directory.resolve("output"));
        assertThat(code).as(rendered).isZero();
        for (String service : services()) {
            assertThat(rendered).contains("image: registry.example.com/vaultferry/" + service + ":");
            assertThat(rendered).containsPattern("name: " + service + "-[a-z0-9]{10}\\n");
        }
    }

    private static List<String> services() {
        return Arrays.stream(Participant.values()).map(Participant::serviceName).toList();
    }

    private static JsonNode containerOf(JsonNode deployment) {
        JsonNode containers = deployment.at("/spec/template/spec/containers");
        assertThat(containers).hasSize(1);
        return containers.path(0);
    }

    /** What the config maps say that the pod takes its environment from. */
    private static Map<String, String> environmentOf(Participant participant) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode source : containerOf(BASE.object("Deployment", participant.serviceName()))
                .path("envFrom")) {
            if (source.has("configMapRef")) {
                Map<String, String> values =
                        BASE.configMap(source.at("/configMapRef/name").asText());
                assertThat(values).isNotEmpty();
                environment.putAll(values);
            } else {
                assertThat(source.at("/secretRef/name").asText()).isIn("staging", participant.serviceName());
            }
        }
        return environment;
    }

    private Map<String, String> secretsOf(Participant participant) throws Exception {
        return readEnvironment(makeSecrets(), participant);
    }

    private static Map<String, String> readEnvironment(Path secrets, Participant participant) {
        return readEnvironment(secrets, participant.serviceName());
    }

    private static Map<String, String> readEnvironment(Path secrets, String name) {
        Map<String, String> values = new TreeMap<>();
        Repository.read(secrets.resolve(name + ".env"))
                .lines()
                .forEach(line ->
                        values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return values;
    }

    private Path makeSecrets() throws Exception {
        assertThat(run("sh", REPOSITORY.path(KUBERNETES + "/make-secrets.sh").toString(), directory.toString()))
                .isZero();
        return directory.resolve("secrets");
    }

    private int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private static boolean kubectlIsInstalled() {
        return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    private static Set<String> podsThatMatch(JsonNode selector) {
        assertThat(selector.has("matchExpressions")).isFalse();
        return podsWith(selector.path("matchLabels"));
    }

    private static Set<String> podsWith(JsonNode labels) {
        assertThat(labels).as("no labels would be all pods").isNotEmpty();
        return BASE.ofKind("Deployment").stream()
                .filter(deployment -> labels.properties().stream()
                        .allMatch(label -> label.getValue()
                                .equals(deployment
                                        .at("/spec/template/metadata/labels")
                                        .path(label.getKey()))))
                .map(Kustomization::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int defaultOf(String file, String setting) {
        Matcher matcher = DEFAULT.matcher(REPOSITORY.text(file));
        while (matcher.find()) {
            if (matcher.group(2).equals(setting)) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new AssertionError(file + " has no default of " + setting);
    }
}
