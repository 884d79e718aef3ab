package io.vaultferry.launcher.system;

import io.vaultferry.contracts.Participant;
import io.vaultferry.infrastructure.DatabaseAccess;
import io.vaultferry.infrastructure.EmbeddedDatabases;
import io.vaultferry.infrastructure.EmbeddedKafka;
import io.vaultferry.infrastructure.FreePorts;
import io.vaultferry.infrastructure.TopicLayout;
import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.infrastructure.process.ProcessGuard;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Vaultferry as it runs: Kafka in this JVM, PostgreSQL and the services as child processes. Internal tokens and database passwords
 * are new at every start; they reach the services in files that only their owner can read, never on a command line.
 */
public final class VaultferrySystem implements AutoCloseable {

    private static final int ATTACHMENT_HEAP_MIB = 192;
    private static final int HEAP_MIB = 128;

    private final SystemSettings settings;
    private final Narrator narrator;
    private final DataDirectory data;
    private final ProcessGuard guard;
    private final HttpClient http;
    private final String adminKey;
    private final Map<Participant, String> internalTokens = new EnumMap<>(Participant.class);
    private final Map<Participant, DatabaseAccess> databaseAccess = new EnumMap<>(Participant.class);
    private final List<SupervisedProcess> services = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final int port;
    private volatile EmbeddedKafka kafka;
    private volatile EmbeddedDatabases databases;

    private VaultferrySystem(SystemSettings settings, DataDirectory data, Narrator narrator) {
        this.settings = settings;
        this.narrator = narrator;
        this.data = data;
        this.port = settings.port() == 0 ? FreePorts.next() : settings.port();
        this.adminKey = SecretFile.madeOnce(data.adminKey(), "rw-------", SecretFile::randomToken);
        SecretFile.madeOnce(keyEncryptionKey(), "r--------", SecretFile::randomKey);
        for (Participant participant : Participant.values()) {
            internalTokens.put(participant, SecretFile.randomToken());
        }
        this.guard = ProcessGuard.open();
        this.http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * Checks what can be checked and makes the keys, but starts nothing. The data directory belongs to the system from now on.
     *
     * @throws CannotStartException when a service is not built or the port is taken
     */
    public static VaultferrySystem prepare(SystemSettings settings, DataDirectory data, Narrator narrator) {
        try {
            for (Participant participant : Participant.values()) {
                settings.installation().program(participant);
            }
            requireFreePort(settings);
            return new VaultferrySystem(settings, data, narrator);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** {@link #prepare} and {@link #start()} in one. */
    public static VaultferrySystem start(SystemSettings settings, DataDirectory data, Narrator narrator) {
        VaultferrySystem system = prepare(settings, data, narrator);
        system.start();
        return system;
    }

    /**
     * Starts everything and returns when every service is healthy. Another thread may {@link #close} meanwhile.
     *
     * @throws CannotStartException when some part does not start; nothing keeps running then
     */
    public void start() {
        try {
            startInfrastructure();
            startServices();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Where the REST API answers. */
    public URI url() {
        return URI.create("http://" + reachableHost() + ":" + port);
    }

    /** The bearer token of the REST API; also in the data directory's {@code admin.key}. */
    public String adminKey() {
        return adminKey;
    }

    public DataDirectory data() {
        return data;
    }

    /** Every service process, the orchestrator first. */
    public List<SupervisedProcess> services() {
        return List.copyOf(services);
    }

    /**
     * One service process by its name, for example {@code export-service}; further attachment workers are
     * {@code attachment-service-2} and so on.
     */
    public SupervisedProcess service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no " + name));
    }

    /** The processes of attachment-service, in the order of their numbers. */
    public List<SupervisedProcess> attachmentWorkers() {
        return services.stream()
                .filter(service -> service.name().startsWith(Participant.ATTACHMENT.serviceName()))
                .toList();
    }

    /**
     * Starts one more process of attachment-service and does not wait for it: {@link SupervisedProcess#ready()} tells.
     *
     * @throws CannotStartException when everything is being stopped
     */
    public SupervisedProcess addAttachmentWorker() {
        // Not while services are being stopped: nobody would stop this one.
        synchronized (services) {
            if (closed.get()) {
                throw new CannotStartException("Vaultferry is being stopped");
            }
            SupervisedProcess worker =
                    supervised(Participant.ATTACHMENT, attachmentWorkers().size() + 1);
            services.add(worker);
            worker.start();
            return worker;
        }
    }

    public String kafkaBootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** The database server's process. */
    public ProcessHandle databaseProcess() {
        return databases.process();
    }

    /** Stops services first, then Kafka and PostgreSQL, and lets go of the data directory. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (services) {
            services.forEach(SupervisedProcess::beginStop);
        }
        services.forEach(SupervisedProcess::awaitEnd);
        if (databases != null) {
            databases.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        guard.close();
        services.forEach(service -> delete(configurationOf(service.name())));
        data.close();
    }

    private void startInfrastructure() {
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<EmbeddedDatabases> startingDatabases = CompletableFuture.supplyAsync(
                    () -> EmbeddedDatabases.start(data.databases(), settings.durability(), guard), threads);
            CompletableFuture<EmbeddedKafka> startingKafka = CompletableFuture.supplyAsync(
                    () -> EmbeddedKafka.start(data.kafka(), settings.durability()), threads);
            // Both are awaited before either failure is thrown, so that close() knows what runs.
            startingDatabases
                    .whenComplete((started, failure) -> databases = started)
                    .exceptionally(failure -> null)
                    .join();
            startingKafka
                    .whenComplete((started, failure) -> kafka = started)
                    .exceptionally(failure -> null)
                    .join();
            startingDatabases.join();
            startingKafka.join();
        } catch (CompletionException e) {
            throw cause(e);
        }
        kafka.createTopics(TopicLayout.all());
        for (Participant participant : Participant.values()) {
            databaseAccess.put(participant, databases.database(databaseName(participant)));
        }
        narrator.say("Kafka and PostgreSQL run (" + seconds(began) + " s)");
    }

    private void startServices() {
        long began = System.nanoTime();
        for (Participant participant : Participant.values()) {
            int processes = participant == Participant.ATTACHMENT ? settings.attachmentWorkers() : 1;
            for (int number = 1; number <= processes; number++) {
                services.add(supervised(participant, number));
            }
        }
        services.forEach(SupervisedProcess::start);
        try {
            services.forEach(service -> service.firstReady().join());
        } catch (CompletionException e) {
            throw cause(e);
        }
        narrator.say(services.size() + " service processes are healthy (" + seconds(began) + " s)");
    }

    private SupervisedProcess supervised(Participant participant, int number) {
        String name = participant.serviceName() + (number == 1 ? "" : "-" + number);
        Path log = data.logs().resolve(name + ".log");
        keepOneOldLog(log);
        return new SupervisedProcess(name, log, () -> launch(participant, name), guard, http, narrator);
    }

    private SupervisedProcess.Launch launch(Participant participant, String name) {
        boolean orchestrator = participant == Participant.ORCHESTRATOR;
        int servicePort = orchestrator ? port : FreePorts.next();
        Path configuration = configurationOf(name);
        SecretFile.write(configuration, "rw-------", text(configuration(participant, servicePort)));
        int heap = participant == Participant.ATTACHMENT ? ATTACHMENT_HEAP_MIB : HEAP_MIB;
        return new SupervisedProcess.Launch(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        // Read once, by whichever client of the JVM is made first: shorter than servers keep idle
                        // connections.
                        "-Djdk.httpclient.keepalive.timeout=4",
                        // A dump of the memory would hold keys.
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + data.logs().resolve(name + "-crash-%p.log"),
                        "-Dsmallrye.config.locations=" + location(configuration),
                        "-jar",
                        settings.installation().program(participant).toString()),
                orchestrator ? url() : URI.create("http://127.0.0.1:" + servicePort));
    }

    private Map<String, String> configuration(Participant participant, int servicePort) {
        DatabaseAccess database = databaseAccess.get(participant);
        Map<String, String> configuration = new TreeMap<>(settings.ofServices());
        // Above environment variables (300): what the launcher decides is not changed by what the shell happens to
        // export.
        configuration.put("config_ordinal", "350");
        configuration.put("quarkus.http.host", participant == Participant.ORCHESTRATOR ? settings.bind() : "127.0.0.1");
        configuration.put("quarkus.http.port", Integer.toString(servicePort));
        configuration.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        configuration.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
        configuration.put("quarkus.datasource.username", database.username());
        configuration.put("quarkus.datasource.password", database.password());
        configuration.put("vaultferry.staging.directory", data.staging().toString());
        configuration.put(
                "vaultferry.outbound.allow-insecure-servers", Boolean.toString(settings.allowInsecureServers()));
        settings.caFile().ifPresent(file -> configuration.put("vaultferry.outbound.ca-file", file.toString()));
        switch (participant) {
            case ORCHESTRATOR -> {
                configuration.put("vaultferry.admin.key-sha256", sha256(adminKey));
                configuration.put("vaultferry.custody.directory", data.custody().toString());
                configuration.put(
                        "vaultferry.custody.kek-file", keyEncryptionKey().toString());
                internalTokens.forEach((caller, token) -> {
                    if (caller != Participant.ORCHESTRATOR) {
                        configuration.put("vaultferry.internal.tokens." + databaseName(caller), token);
                    }
                });
            }
            case EXPORT, IMPORT, IDENTITY, ATTACHMENT -> {
                configuration.put("vaultferry.orchestrator.url", url().toString());
                configuration.put("vaultferry.internal.token", internalTokens.get(participant));
            }
        }
        return configuration;
    }

    private Path keyEncryptionKey() {
        return data.secrets().resolve("key-encryption-key");
    }

    private Path configurationOf(String name) {
        return data.secrets().resolve(name + ".properties");
    }

    private String reachableHost() {
        try {
            InetAddress address = InetAddress.getByName(settings.bind());
            if (address.isAnyLocalAddress()) {
                return "127.0.0.1";
            }
            return settings.bind().contains(":") ? "[" + settings.bind() + "]" : settings.bind();
        } catch (UnknownHostException e) {
            throw new CannotStartException("--bind " + settings.bind() + " is not an address of this machine", e);
        }
    }

    private static void requireFreePort(SystemSettings settings) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.bind()), settings.port()));
        } catch (UnknownHostException e) {
            throw new CannotStartException("--bind " + settings.bind() + " is not an address of this machine", e);
        } catch (IOException e) {
            throw new CannotStartException("Port " + settings.port() + " of " + settings.bind() + " cannot be used ("
                    + e.getMessage() + "): stop what listens there, or choose another port with --port PORT");
        }
    }

    private static String databaseName(Participant participant) {
        return participant.name().toLowerCase(Locale.ROOT);
    }

    private static String location(Path file) {
        // Locations are URIs, separated by commas.
        return file.toUri().toString().replace(",", "\\,");
    }

    private static String text(Map<String, String> configuration) {
        Properties properties = new Properties();
        // A dollar sign would begin an expression.
        configuration.forEach((key, value) -> properties.setProperty(key, value.replace("$", "$$")));
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void keepOneOldLog(Path log) {
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new CannotStartException("The log " + log + " cannot be set aside: " + e, e);
        }
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            narrator.say("Left behind: " + file + " (" + e + ")");
        }
    }

    private static RuntimeException cause(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }

    private static String seconds(long began) {
        return "%.1f".formatted((System.nanoTime() - began) / 1e9);
    }
}
